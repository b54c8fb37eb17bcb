"""Tables of escalations."""
