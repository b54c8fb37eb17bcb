"""What came back, added up."""

from server.assignments.rollup.listing import ANSWERS
from server.core.slice import Slice

SLICE = Slice(lists=(ANSWERS,))
