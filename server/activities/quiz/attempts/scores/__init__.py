"""What a try is worth, and what tries add up to."""
