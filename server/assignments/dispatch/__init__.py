"""What unions send down: who is asked, until when, and what has become of it."""
