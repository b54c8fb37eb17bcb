"""Wrong questions that come back."""

from server.core.slice import Slice

SLICE = Slice()
