"""The unions that were asked, as a list."""
