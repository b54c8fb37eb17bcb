"""Choosing a union by its name."""

from server.core.slice import Slice

SLICE = Slice()
