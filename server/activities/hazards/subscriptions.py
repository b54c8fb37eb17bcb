"""Hazards are made of what unions ask for and find, too; and some are sent by whoever can be given nothing."""

from server.activities.hazards.actions import submit_found_hazard
from server.assignments.findings.ports import HAZARDS
from server.assignments.findings.queries import is_found
from server.review.submissions.queries import is_without_account
from server.rewards.points.ports import UNEARNED


def subscribe_events() -> None:
    """Make hazards of findings; say that these earn nothing."""
    HAZARDS.plug(submit_found_hazard)
    UNEARNED.plug(is_found)
    UNEARNED.plug(is_without_account)
