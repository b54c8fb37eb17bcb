"""Hazards that workers photograph."""

from server.core.slice import Slice

SLICE = Slice()
