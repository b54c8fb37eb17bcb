"""The random value from outside."""
