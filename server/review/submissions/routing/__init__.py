"""Which union answers for a submission."""
