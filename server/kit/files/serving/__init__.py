"""Where files lie, and how they are handed out."""
