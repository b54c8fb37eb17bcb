"""Checking answers at the console."""
