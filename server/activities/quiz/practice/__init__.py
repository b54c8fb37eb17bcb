"""Practice: what one got wrong in the quiz comes back, by FSRS, until it is known."""
