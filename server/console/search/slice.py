"""Finding anything."""

from server.core.slice import Slice

SLICE = Slice()
