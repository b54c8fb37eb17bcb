"""What the moves of a rectification ask and change, by what they are about."""
