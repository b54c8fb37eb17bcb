"""What is kept about a person: shown to them, handed out, and erased at their word."""
