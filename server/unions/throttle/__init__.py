"""Guessing: failed attempts at secrets, counted per origin, so that a lockout hits the guesser alone."""
