"""Other doors than the console and the mini program."""
