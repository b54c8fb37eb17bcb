"""A reviewer's own account."""
