"""A program that answers as an endpoint for chat completions does, and is stricter than any."""
