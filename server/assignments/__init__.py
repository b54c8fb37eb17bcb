"""What unions send down and get back."""
