"""Deadlines in working days of the Chinese calendar."""
