"""The kinds of assignment, as the slices above declare them."""
