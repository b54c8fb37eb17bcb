"""Submissions: their row, arrival, timeline, and what the reporter may do with them."""
