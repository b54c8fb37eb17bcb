"""What a machine proposes to a reviewer for a hazard: a grade and a reply, to be taken into the form or left."""
