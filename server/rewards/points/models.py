"""Tables of the points ledger."""
