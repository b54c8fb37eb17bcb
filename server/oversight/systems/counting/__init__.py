"""Counting safety systems up the tree."""
