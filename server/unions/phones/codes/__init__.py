"""Codes by short message: who brings them, and for whom nobody has to wait."""
