"""Adding up the answers of one assignment."""
