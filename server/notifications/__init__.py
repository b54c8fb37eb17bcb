"""Telling people: inbox (later subscribe messages and templates)."""
