"""Attempts to sign in: where they come from, and how they are checked."""
