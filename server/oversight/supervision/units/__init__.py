"""Enterprises of a plan: named with their last visits before the eyes, opened as visits, dropped or replaced."""
