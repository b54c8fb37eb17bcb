"""Words of certificates."""

NAMELESS = "参赛职工"
"""Who has not told their name."""
