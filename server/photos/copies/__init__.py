"""Which photos are copies of one another."""
