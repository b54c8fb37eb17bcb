"""A rectification on paper."""
