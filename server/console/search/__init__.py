"""One search over everything that can be found at the console (server/kit/search.py)."""
