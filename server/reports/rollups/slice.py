"""Counts per union and day."""

from server.core.slice import Slice

SLICE = Slice()
