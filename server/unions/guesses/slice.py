"""Wrong guesses, counted and slowed down."""

from server.core.slice import Slice

SLICE = Slice()
