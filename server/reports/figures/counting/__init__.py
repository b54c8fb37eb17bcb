"""How figures are counted."""
