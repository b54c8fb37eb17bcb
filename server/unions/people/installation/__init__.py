"""How an empty installation gets its first administrator."""
