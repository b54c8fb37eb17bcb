"""What the union answers, and how that stands beside what it was told."""
