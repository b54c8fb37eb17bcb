"""The page of background jobs: what failed and why, what waits, and another try."""
