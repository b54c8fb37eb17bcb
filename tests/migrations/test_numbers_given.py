"""What had arrived before there were numbers gets one, in the order in which it came, and new ones go on behind it."""

import re
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from server.core.db import Database
from server.kit.numbers.actions import DRAWN, take_number
from server.migrations import run as migrations
from server.review.submissions.models import Submission
from tests.migrations.test_data_kept import Old, fill, upgrade_to
from tests.migrations.test_data_kept import database as database

LATE = datetime(2025, 12, 31, 15, 59, tzinfo=UTC)  # a minute before midnight in Shanghai
EARLY = datetime(2025, 12, 31, 16, 1, tzinfo=UTC)  # 2026 there, 2025 by UTC


def test_submissions_are_numbered_by_their_year_in_shanghai_and_anonymous_ones_by_chance(database: Database) -> None:
    with database.engine.begin() as connection:
        fill(Old(connection))
    upgrade_to(database, "0037-1")
    with database.engine.begin() as connection:
        old = Old(connection)
        first = dict(connection.execute(select(old.table("submissions"))).mappings().one())
        same = {name: first[name] for name in first if name not in ("id", "arrived_at", "is_anonymous")}

        def add(arrived_at: datetime | None, **values: object) -> UUID:
            return UUID(str(old.insert("submissions", **same | {"arrived_at": arrived_at, **values})))

        last_year, suggested = add(LATE), add(EARLY, kind="suggestion", grade=None)
        hidden = {add(EARLY, is_anonymous=True) for _ in range(3)}
        waiting = add(None, status="incomplete", grade=None, decided_at=None, due_at=None)
    migrations.upgrade(database)
    with database.transaction() as session:
        numbers = {row.id: row.number for row in session.scalars(select(Submission))}
        following = take_number(session, "Y", EARLY)
    assert numbers[last_year] == "2025-000001Y"
    assert (numbers[suggested], numbers[UUID(str(first["id"]))]) == ("2026-000001J", "2026-000002Y")
    drawn = [numbers[each] or "" for each in hidden]
    assert all(re.fullmatch(r"2026-\d{6}Y", each) and int(each[5:11]) in DRAWN for each in drawn)
    assert len(set(drawn)) == 3
    assert numbers[waiting] is None
    assert following == "2026-000003Y"
