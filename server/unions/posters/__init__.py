"""Posters of enterprises: scanned, they open the page that binds to the enterprise."""
