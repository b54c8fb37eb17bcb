"""Writing the rows of the unions that are asked, a batch at a time."""
