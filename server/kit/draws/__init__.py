"""Draws that anybody can compute again: prizes, spot checks."""
