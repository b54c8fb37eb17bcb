"""Tables of the quiz's attempts."""
