"""Tables of followers and of what looks alike."""
