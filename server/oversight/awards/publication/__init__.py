"""The published list, what is said against it, and what everybody reads of it."""
