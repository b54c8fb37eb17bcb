"""What a file is, by what is in it."""
