"""Decisions: the whitelist of transitions, claims, and every move a reviewer can make."""
