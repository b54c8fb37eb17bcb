"""The points ledger: double entry, every credit with its source."""
