"""Tables of the quiz's standings."""
