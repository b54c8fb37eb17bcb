"""The words of submissions, as a search finds them."""

from server.core.slice import Slice

SLICE = Slice()
