"""Rectification: an accepted hazard becomes a suggestion (建议) to the enterprise, is answered and closed (销号)."""
