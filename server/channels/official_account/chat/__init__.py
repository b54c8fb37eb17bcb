"""What followers send, and what is said to them."""
