"""Coverage of training and drills (培训覆盖): who should have been there, who was, and who is left."""
