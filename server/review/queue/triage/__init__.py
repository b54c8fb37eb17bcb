"""One decision on many submissions of the list."""
