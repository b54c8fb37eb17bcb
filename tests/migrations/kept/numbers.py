"""What had arrived before there were numbers gets one, in the order in which it came, and new ones go on behind it."""

import re
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from server.kit.numbers.actions import DRAWN, take_number
from server.review.submissions.models import Submission
from tests.migrations.climbing import NEWEST, NOW, Filled, Old, Story, story

LATE = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)  # a minute before midnight in Shanghai
EARLY = datetime(2025, 12, 31, 16, 1, tzinfo=UTC)  # 2026 there, 2025 by UTC


@story
def submissions_are_numbered_by_their_year_in_shanghai_and_anonymous_ones_by_chance(old: Old) -> Story:
    hazard = Filled(old).hazard
    old = yield "0037-1"
    first = old.row("submissions", hazard)
    same = {name: first[name] for name in first if name not in ("id", "arrived_at", "is_anonymous")}

    def add(arrived_at: datetime | None, **values: object) -> UUID:
        return UUID(str(old.insert("submissions", **same | {"arrived_at": arrived_at, **values})))

    last_year, suggested = add(LATE), add(EARLY, kind="suggestion", grade=None)
    hidden = {add(EARLY, is_anonymous=True) for _ in range(3)}
    waiting = add(None, status="incomplete", grade=None, decided_at=None, due_at=None)
    there = old.table("submissions")
    by_name = select(there.c.id).where(there.c.arrived_at == old.plain(NOW), there.c.is_anonymous.is_(False))
    others = {UUID(str(each)) for each in old.connection.scalars(by_name)}  # of all stories; this one's hazard too
    database = yield NEWEST
    with database.transaction() as session:
        numbers = {row.id: row.number or "" for row in session.scalars(select(Submission))}
        following = take_number(session, "Y", EARLY)
    assert numbers[last_year] == "2025-000001Y"
    assert numbers[suggested] == "2026-000001J"
    assert hazard in others
    assert sorted(numbers[each] for each in others) == [f"2026-{2 + place:06}Y" for place in range(len(others))]
    drawn = [numbers[each] for each in hidden]
    assert all(re.fullmatch(r"2026-\d{6}Y", each) and int(each[5:11]) in DRAWN for each in drawn)
    assert len(set(drawn)) == 3
    assert numbers[waiting] == ""
    assert following == f"2026-{2 + len(others):06}Y"
