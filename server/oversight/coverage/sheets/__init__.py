"""Sheets of coverage: its table to hand in, and denominators that come in by a sheet."""
