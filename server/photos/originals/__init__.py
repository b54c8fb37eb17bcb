"""Originals that follow the smaller copies which phones send first."""
