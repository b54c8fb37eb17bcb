"""Reminding enterprises of who is left."""
