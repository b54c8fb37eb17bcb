"""What letters lend to the wings below: how many wait for a reviewer."""

from server.notifications.digests.waiting import Waiting, register_waiting
from server.oversight.letters.queries import count_waiting


def subscribe_events() -> None:
    """Let the badge and the digest count letters."""
    register_waiting(Waiting("letters", "/console/letters", "{} 份文书要答复或者催办", count_waiting))
