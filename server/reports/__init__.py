"""Figures, exports and printable documents."""
