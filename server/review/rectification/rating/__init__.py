"""What reporters think of how it ended."""
