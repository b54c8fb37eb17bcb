"""Tables of consents, message templates and messages sent."""
