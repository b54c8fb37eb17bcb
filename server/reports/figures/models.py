"""Tables of precomputed figures."""
