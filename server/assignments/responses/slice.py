"""Answers to assignments."""

from server.core.slice import Slice

SLICE = Slice()
