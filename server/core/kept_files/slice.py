"""Files that wait for their form to be sent again; they leave nothing behind."""

from server.core.slice import Slice

SLICE = Slice()
