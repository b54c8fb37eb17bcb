"""What people are told, always kept."""

from server.core.slice import Slice

SLICE = Slice()
