"""Writing a draft."""
