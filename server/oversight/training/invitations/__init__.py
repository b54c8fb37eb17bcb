"""Sessions that a unit is asked to."""
