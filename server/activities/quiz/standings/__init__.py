"""Leaderboards and figures of a quiz."""
