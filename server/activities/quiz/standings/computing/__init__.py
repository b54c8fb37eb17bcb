"""What jobs compute beside what is read."""
