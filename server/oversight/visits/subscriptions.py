"""Which hazards earn nothing."""

from server.oversight.visits.queries import is_found
from server.rewards.points.ports import UNEARNED


def subscribe_events() -> None:
    """Nobody earns points by what they find at a visit, which is their duty."""
    UNEARNED.plug(is_found)
