"""What somebody signs in with."""
