"""When drills are due: counted from rules and what was held."""
