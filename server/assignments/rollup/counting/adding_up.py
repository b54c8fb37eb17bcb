"""Reads every recipient and every answer of one assignment once, and adds them up for each union above them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient, RecipientStatus
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import Definition
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.queries import is_last
from server.assignments.rollup.counting.totals import Tally, add, parts_of
from server.unions.tree.lookup.flags import NON_PUBLIC, NOT_LARGE, Flag

ALL = "all"
MEASURES = ("asked", "received", "answered", "in_time", "accepted", "returned")
STANDING = (RecipientStatus.SUBMITTED, RecipientStatus.ACCEPTED)
"""Whose answers count: what was returned does not until it is corrected."""
BATCH = 500

R = Recipient
_RECIPIENTS = select(
    R.id, R.status, R.level, R.city_id, R.district_id, R.town_id, R.due_at, R.received_at, R.first_submitted_at,
    R.ownership, R.size, R.is_high_risk, R.is_chemical,
)  # fmt: skip


@dataclass(slots=True)
class Sums:
    """What one assignment comes to: measures by union and cut, tallies by union and field."""

    counts: dict[tuple[UUID, str], dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    )
    fields: dict[tuple[UUID, str], Tally] = field(default_factory=lambda: defaultdict(Tally))


def add_up(session: Session, root_id: UUID) -> Sums:
    """All that was asked by one root and its passings-on. Copies and those withdrawn were asked nothing; who has read
    what wants no reply is counted for nobody."""
    sums, above = Sums(), dict[UUID, list[UUID]]()
    root = session.get(Assignment, root_id)
    if root is None or not root.wants_reply:
        return sums
    asked = _RECIPIENTS.where(R.root_id == root_id, R.is_copy.is_(False), R.status != RecipientStatus.WITHDRAWN)
    for row in session.execute(asked):
        nodes = [each for each in (row.city_id, row.district_id, row.town_id) if each is not None]
        measured = _measure(row, root.due_at)
        for node in nodes:
            for cut in _cuts(row):
                counts = sums.counts[node, cut]
                for name in measured:
                    counts[name] += 1
        if row.status in STANDING:
            above[row.id] = nodes
    form = find_frozen(session, root.form_version_id)
    if form is not None:
        _add_answers(session, form, above, sums)
    return sums


def _measure(row: Any, asked_by: datetime | None) -> list[str]:
    """What counts of a recipient, in the order of time. `asked_by`: the day of the root; who passed it on after that
    gave those below a later one, and what they hand in is late all the same."""
    came = row.first_submitted_at is not None
    days = [each for each in (row.due_at, asked_by) if each is not None]
    return [
        name
        for name, holds in (
            ("asked", True),
            ("received", row.received_at is not None or came),
            ("answered", came),
            ("in_time", came and all(row.first_submitted_at <= day for day in days)),
            ("accepted", row.status is RecipientStatus.ACCEPTED),
            ("returned", row.status is RecipientStatus.RETURNED),
        )
        if holds
    ]


def _cuts(row: Any) -> list[str]:
    """By the traits that a union had at sending."""
    flags = {
        Flag.HIGH_RISK: row.is_high_risk,
        Flag.CHEMICAL: row.is_chemical,
        Flag.PRIVATE_SMALL: row.ownership in NON_PUBLIC and row.size in NOT_LARGE,
    }
    return [ALL, row.level.value, *(flag.value for flag, holds in flags.items() if holds)]


def _add_answers(session: Session, form: Definition, above: Mapping[UUID, list[UUID]], sums: Sums) -> None:
    """The last answer of each, some at a time."""
    recipients = list(above)
    for start in range(0, len(recipients), BATCH):
        some = recipients[start : start + BATCH]
        last = select(ResponseVersion.recipient_id, ResponseVersion.answers).where(
            ResponseVersion.recipient_id.in_(some), is_last(ResponseVersion)
        )
        for recipient_id, answers in session.execute(last):
            for key, asked, value in parts_of(form, answers):
                for node in above[recipient_id]:
                    add(sums.fields[node, key], asked, value)


def kept_counts(sums: Sums, root_id: UUID) -> list[dict[str, Any]]:
    """Rows of RollupCount."""
    return [{"root_id": root_id, "union_id": node, "cut": cut, **each} for (node, cut), each in sums.counts.items()]


def kept_fields(sums: Sums, root_id: UUID) -> list[dict[str, Any]]:
    """Rows of RollupField."""
    return [
        {"root_id": root_id, "union_id": node, "key": key, "totals": tally.keep()}
        for (node, key), tally in sums.fields.items()
    ]
