"""Tables of the quiz's practice."""
