"""The second factor: what it is, who must have it, and what waits for it."""
