"""Training (培训): sessions, who was there, and what is kept of each session and each person."""
