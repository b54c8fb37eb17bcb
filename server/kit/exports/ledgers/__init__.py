"""The sheet of what is filtered."""
