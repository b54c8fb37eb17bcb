"""Rechecking several side by side: each has its own conclusion, and none is drawn of what was not looked at."""
