"""The log that only grows."""

from server.core.slice import Slice

SLICE = Slice()
