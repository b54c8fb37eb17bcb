"""What a machine proposes for a hazard that is being reported: a category and a sentence, to be taken or left."""
