"""Filters of lists that people keep under a name: their own tabs above a list."""
