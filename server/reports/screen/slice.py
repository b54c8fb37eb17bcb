"""Figures on a wall."""

from server.core.slice import Slice

SLICE = Slice()
