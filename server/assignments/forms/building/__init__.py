"""Building a form, change by change."""
