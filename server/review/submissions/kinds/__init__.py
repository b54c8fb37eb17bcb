"""The kinds of submission: what a kind is, and what all of them have in the same shape."""
