"""What becomes of an adopted suggestion."""
