"""A copy of what is kept about a person."""
