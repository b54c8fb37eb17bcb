"""Rollups: what figures are read from, counted per union, campaign and day by a job."""
