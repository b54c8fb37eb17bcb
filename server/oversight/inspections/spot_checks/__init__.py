"""Spot checks: who is drawn, what the union found there, and where that differs."""
