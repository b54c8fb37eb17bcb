"""Tries at a level: drawn, answered and graded on the server."""
