"""Rows that follow a union when it moves."""

from server.core.slice import Slice

SLICE = Slice()
