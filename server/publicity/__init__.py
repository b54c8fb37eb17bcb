"""What unions show."""
