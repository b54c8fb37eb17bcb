"""The inbox: every step of one's submissions, always."""
