"""Counting: what an enterprise had and who was there, per period, and sums of it up the tree."""
