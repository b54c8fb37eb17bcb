"""Asking from above for what is overdue."""
