"""What the hazards slice lends to the wings below."""

from server.activities.hazards.queries import read_hazard, read_hazards
from server.review.submissions.content import register_content, register_contents
from server.review.submissions.models import Kind


def subscribe_events() -> None:
    """Let review read what a hazard says."""
    register_content(Kind.HAZARD, read_hazard)
    register_contents(Kind.HAZARD, read_hazards)
