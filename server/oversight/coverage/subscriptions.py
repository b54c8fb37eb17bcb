"""What coverage does when an answer was accepted."""

from server.assignments.responses.events import ResponseAccepted
from server.core.events import subscribe
from server.oversight.coverage.collecting.taking import take_accepted


def subscribe_events() -> None:
    """Listen to answers."""
    subscribe(ResponseAccepted, take_accepted)
