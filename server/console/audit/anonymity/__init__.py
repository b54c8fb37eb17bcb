"""Rows that would give somebody away."""
