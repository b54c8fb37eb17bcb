"""Duplicates: hints while writing, followers, look-alike photos, merges."""
