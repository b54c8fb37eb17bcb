"""Tables of digests."""
