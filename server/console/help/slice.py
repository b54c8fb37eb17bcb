"""The reviewers' handbook and what is new, at hand on every page."""

from server.core.slice import Slice

SLICE = Slice()
