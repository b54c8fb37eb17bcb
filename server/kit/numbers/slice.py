"""Numbers that people read out to each other."""

from server.core.slice import Slice

SLICE = Slice()
