"""Repeating what one got wrong, at growing intervals."""
