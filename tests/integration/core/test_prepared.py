"""Statements that the driver is sent directly: the same values, the same refusals, and each committed by itself."""

from typing import Any, cast

import pytest
from sqlalchemy import Integer, Table, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.models import Job, JobState
from server.core.prepared import Prepared, PreparedIn

JOBS = cast(Table, Job.__table__)
INSERT = Prepared(insert(JOBS), [column.name for column in JOBS.c if not column.nullable])
FIND = Prepared(select(JOBS.c.id, JOBS.c.args, JOBS.c.state, JOBS.c.run_at).where(JOBS.c.id == bindparam("job_id")))
RAISE = Prepared(
    update(JOBS)
    .where(JOBS.c.id == bindparam("job_id"), JOBS.c.state == JobState.READY)
    .values(priority=bindparam("wanted", type_=Integer))
    .returning(JOBS.c.priority)
)


def _job() -> dict[str, Any]:
    now = clock.now()
    return {
        "id": ids.new_id(), "name": "x", "args": {"a": "甲"}, "state": JobState.READY, "priority": 1, "run_at": now,
        "attempts": 0, "created_at": now, "updated_at": now,
    }  # fmt: skip


def test_values_go_in_and_come_back_as_the_mapper_has_them(database: Database) -> None:
    row = _job()
    with database.write_session() as session:
        INSERT.execute(session.connection(), row)
        session.rollback()  # within a transaction it stands or falls with it
    assert database.ask(FIND, {"job_id": row["id"]}) == []
    with database.transaction() as session:
        INSERT.execute(session.connection(), row)
    assert database.ask(FIND, {"job_id": row["id"]}) == [(row["id"], row["args"], JobState.READY, row["run_at"])]
    assert database.write_one(RAISE, {"job_id": row["id"], "wanted": 7}) == [(7,)]
    assert database.write_one(RAISE, {"job_id": ids.new_id(), "wanted": 7}) == []
    with database.reading() as session:
        assert session.get_one(Job, row["id"]).priority == 7  # committed, and seen by whoever comes next


def test_a_list_of_any_length_is_asked_for_in_pieces(database: Database) -> None:
    rows = [_job() for _ in range(3)]
    known = [row["id"] for row in rows]
    find = PreparedIn(lambda found: select(JOBS.c.id).where(JOBS.c.id.in_(found), JOBS.c.name == bindparam("name")))
    with database.transaction() as session:
        for row in rows:
            INSERT.execute(session.connection(), row)
        for wanted in ([], known[:1], known, [ids.new_id() for _ in range(300)] + known):
            found = find.execute(session.connection(), wanted, {"name": "x"})
            assert sorted(found) == sorted((each,) for each in known if each in wanted)


def test_a_refusal_is_sqlalchemys_and_leaves_the_connection_fit(database: Database) -> None:
    row = _job()
    database.write_one(INSERT, row)
    for _ in range(40):  # more than the pool has connections
        with pytest.raises(IntegrityError):
            database.write_one(INSERT, row)
    for wrong in ({"job_id": row["id"]}, {"job_id": row["id"], "wanted": 1, "more": 1}):
        with pytest.raises(KeyError):
            database.write_one(RAISE, wrong)
    with pytest.raises(DBAPIError):
        database.ask(Prepared(select(text("nothing_of_the_kind"))), {})
    with database.transaction() as session:
        session.get_one(Job, row["id"]).priority = 9
    assert database.write_one(RAISE, {"job_id": row["id"], "wanted": 3}) == [(3,)]


def test_what_it_cannot_send_is_refused_when_it_is_built(database: Database) -> None:
    """A default made by Python would be left out, a list has no length yet."""
    listed = select(JOBS.c.id).where(JOBS.c.id.in_(bindparam("several", expanding=True)))
    for statement in (Prepared(insert(JOBS), ["id", "name"]), Prepared(listed)):
        with pytest.raises(ValueError, match="prepared"):
            database.ask(statement, {})
