"""Submissions written straight into the table, when a test needs many."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from server.activities.hazards.models import Hazard
from server.core import ids
from server.core.clock import in_shanghai
from server.kit.numbers.actions import count_up, write_number
from server.kit.numbers.models import NumberSeries
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Kind, Status, Submission
from server.unions.tree.models import Union
from tests.support.world import World


def insert_submissions(session: Session, world: World, count: int, now: datetime, **changes: Any) -> list[UUID]:
    """`count` submissions at the shipyard, waiting, due an hour apart from `now` on. Returns their ids, oldest first.

    A change may be a function of the number of the submission. `union_id` sets the scope and the route.
    """
    rows = [_row(session, world, now, number, changes) for number in range(count)]
    _give_numbers(session, [row for row in rows if row["arrived_at"]], now)
    session.execute(insert(Submission), rows)
    hazards = [{"submission_id": row["id"], "description": row["excerpt"]} for row in rows]
    session.execute(insert(Hazard), hazards)
    return [row["id"] for row in rows]


def _row(session: Session, world: World, now: datetime, number: int, changes: dict[str, Any]) -> dict[str, Any]:
    values = {key: value(number) if callable(value) else value for key, value in changes.items()}
    union = session.get_one(Union, values.pop("union_id", world.unions.shipyard))
    status = values.get("status", Status.QUEUED)
    decided = status in (Status.ACCEPTED, Status.DECLINED, Status.DUPLICATE)
    return {
        "number": None, "id": ids.new_id(), "kind": Kind.HAZARD, "campaign_id": world.campaign_id,
        "reporter_id": world.people.worker.id, "content_hash": "0" * 64, "status": status, "version": 2,
        "category": "electric", "excerpt": f"第{number}处", "place": "东门", "photos_expected": 1, "photos_received": 1,
        "city_id": union.city_id, "district_id": union.district_id, "town_id": union.town_id,
        "enterprise_id": union.enterprise_id, "routed_union_id": union.id, "created_at": now, "updated_at": now,
        "arrived_at": now, "due_at": now + timedelta(hours=number), "decided_at": now if decided else None,
        "grade": 3 if status is Status.ACCEPTED else None, "rest_days": 1 if status is Status.RETURNED else None,
        "cover_photo_id": None, "claimed_by_id": None, "claimed_until": None, "duplicate_of_id": None, **values,
    }  # fmt: skip


def _give_numbers(session: Session, rows: list[dict[str, Any]], now: datetime) -> None:
    """The next of the year, taken all at once: one by one they take longer than everything else."""
    if not rows:
        return
    year = in_shanghai(now).year
    first = count_up(session, cast(Table, NumberSeries.__table__), year=year)
    session.execute(update(NumberSeries).values(last=first + len(rows) - 1).where(NumberSeries.year == year))
    for running, row in enumerate(rows, first):
        row["number"] = row["number"] or write_number(year, running, kind_of(row["kind"]).number_letter)
