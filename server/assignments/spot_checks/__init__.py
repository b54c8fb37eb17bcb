"""Spot checks: a union looks itself at some of those who handed something in, whom a draw says, by the same form."""
