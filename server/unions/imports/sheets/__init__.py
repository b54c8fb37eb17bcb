"""The sheets: their columns, reading them, and empty ones to fill in."""
