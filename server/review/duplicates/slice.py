"""What may be the same hazard."""

from server.core.slice import Slice

SLICE = Slice()
