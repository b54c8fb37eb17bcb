"""Prizes: pools with stock, who won what, and the hand-over."""
