"""A program that hands out tiles of a map as a provider does, and is stricter than any."""
