"""Who has signed in, and until when."""
