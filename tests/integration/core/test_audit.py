"""The audit log: appended, sealed, and any tampering found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.core import clock, ids
from server.core.audit.actions import record
from server.core.audit.models import AuditEntry, AuditSeal
from server.core.audit.queries import AuditFilter, list_actions, list_entries
from server.core.audit.sealing import seal_batch
from server.core.audit.verify import ProblemKind, last_seal, verify
from server.core.db import Database

TODAY = datetime(2030, 11, 25, 8, tzinfo=UTC)  # later than anything that the template's rows say


@pytest.fixture
def database(database: Database) -> Database:
    """With everything that signing people in and the like has written sealed."""
    seal_all(database)
    return database


def write(database: Database, count: int = 1, action: str = "union.updated") -> list[UUID]:
    with database.transaction() as session:
        for number in range(count):
            record(
                session, action, subject_type="union", subject_id=str(number), actor_id=None, at=clock.now(),
                detail={"数": number, "b": None, "a": 1.5},
            )  # fmt: skip
        return [row.id for row in list_entries(session, AuditFilter(), limit=count)]


def seal_all(database: Database) -> None:
    while True:
        with database.transaction() as session:
            if not seal_batch(session, clock.now(), limit=4):
                return


def tamper(database: Database, change: Callable[[Session], object]) -> None:
    """Do what only somebody with the keys to the database could."""
    with database.transaction() as session:
        if database.settings.is_sqlite:
            for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                if name.startswith("audit_"):
                    session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("audit_entries", "audit_seals"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        change(session)


def problems(database: Database) -> list[tuple[ProblemKind, UUID | None]]:
    with database.reading() as session:
        return [(problem.kind, problem.entry_id) for problem in verify(session)]


def test_an_untouched_log_has_no_problems(database: Database) -> None:
    write(database, 10)
    seal_all(database)
    write(database, 2)  # not sealed yet
    assert problems(database) == []
    with database.reading() as session:
        assert last_seal(session).number >= 3


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEntry).values(action="union.moved"),
        update(AuditEntry).values(seal_number=None),
        delete(AuditEntry),
        update(AuditSeal).values(rows=1),
        delete(AuditSeal),
    ],
    ids=["change a row", "unseal a row", "remove a row", "change a seal", "remove a seal"],
)
def test_the_database_refuses_to(database: Database, change: Callable[[], object]) -> None:
    write(database)
    seal_all(database)
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(change)  # type: ignore[call-overload]  # one of several kinds of statement


def test_the_database_refuses_a_row_that_claims_to_be_sealed(database: Database) -> None:
    write(database)
    seal_all(database)
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(insert(AuditEntry).values(**a_row(clock.now()), seal_number=1))


def a_row(at: datetime) -> dict[str, object]:
    return {
        "id": ids.new_id(), "at": at, "action": "union.updated", "actor_id": None, "subject_type": "union",
        "subject_id": "1", "detail": {}, "request_id": "", "address": "",
    }  # fmt: skip


def test_a_changed_row_is_found(database: Database) -> None:
    entry_id = write(database, 9)[4]
    seal_all(database)
    changed = update(AuditEntry).where(AuditEntry.id == entry_id).values(detail={"数": 99})
    tamper(database, lambda session: session.execute(changed))
    assert problems(database) == [(ProblemKind.CHANGED, entry_id)]


def test_a_removed_row_is_found(database: Database) -> None:
    entry_id = write(database, 9)[4]
    seal_all(database)
    tamper(database, lambda session: session.execute(delete(AuditEntry).where(AuditEntry.id == entry_id)))
    assert problems(database) == [(ProblemKind.REMOVED, entry_id)]


def test_a_row_slipped_into_a_sealed_batch_is_found(database: Database) -> None:
    write(database, 3)
    seal_all(database)
    row = a_row(clock.now())
    tamper(database, lambda session: session.execute(insert(AuditEntry).values(**row, seal_number=1)))
    assert problems(database) == [(ProblemKind.SLIPPED_IN, row["id"])]


def test_a_row_backdated_before_the_last_seal_is_found(database: Database) -> None:
    write(database, 3)
    seal_all(database)
    row = a_row(clock.now() - timedelta(hours=1))
    tamper(database, lambda session: session.execute(insert(AuditEntry).values(**row)))
    assert problems(database) == [(ProblemKind.SLIPPED_IN, row["id"])]
    seal_all(database)  # and sealing it now does not launder it
    assert problems(database) == [(ProblemKind.SLIPPED_IN, row["id"])]


def test_a_clock_that_was_ahead_for_a_while_raises_no_alarm_and_seals_hold(
    database: Database, time_machine: Any
) -> None:
    time_machine.move_to(TODAY)
    write(database)
    seal_all(database)
    time_machine.move_to(TODAY + timedelta(days=1))
    write(database)
    seal_all(database)
    time_machine.move_to(TODAY + timedelta(minutes=1))
    first = write(database)[0]  # left unsealed for a moment, and older than the last seal
    assert problems(database) == []
    seal_all(database)
    time_machine.move_to(TODAY + timedelta(minutes=30))
    write(database)
    seal_all(database)
    assert problems(database) == []
    slip_in = insert(AuditEntry).values(
        id=ids.first_id(TODAY - timedelta(hours=2)), at=TODAY - timedelta(hours=2), action="union.updated",
        subject_type="union", subject_id="x", detail={},
    )  # fmt: skip
    tamper(database, lambda session: session.execute(slip_in))
    tamper(database, lambda session: session.execute(delete(AuditEntry).where(AuditEntry.id == first)))
    assert {kind for kind, _ in problems(database)} == {ProblemKind.SLIPPED_IN, ProblemKind.REMOVED}


def test_a_removed_seal_is_found(database: Database) -> None:
    write(database, 9)
    seal_all(database)

    def remove(session: Session) -> None:
        number = last_seal(session).number - 1
        session.execute(update(AuditEntry).where(AuditEntry.seal_number == number).values(seal_number=None))
        session.execute(delete(AuditSeal).where(AuditSeal.number == number))

    tamper(database, remove)
    assert (ProblemKind.SEAL_MISSING, None) in problems(database)


def test_a_seal_made_anew_breaks_the_chain(database: Database) -> None:
    write(database, 9)
    seal_all(database)
    tamper(
        database,
        lambda session: session.execute(update(AuditSeal).where(AuditSeal.number == 1).values(hash="0" * 64)),
    )
    assert [kind for kind, _ in problems(database)] == [ProblemKind.SEAL_BROKEN, ProblemKind.SEAL_BROKEN]


def test_cutting_off_the_end_is_found_with_an_anchor(database: Database) -> None:
    write(database, 9)
    seal_all(database)
    with database.reading() as session:
        link = last_seal(session)

    def cut_off(session: Session) -> None:
        session.execute(delete(AuditEntry).where(AuditEntry.seal_number == link.number))
        session.execute(delete(AuditSeal).where(AuditSeal.number == link.number))

    tamper(database, cut_off)
    assert problems(database) == []
    with database.reading() as session:
        found = [problem.kind for problem in verify(session, (link.number, link.hash))]
    assert found == [ProblemKind.SEAL_MISSING]


def test_a_backlog_is_sealed_without_false_alarm(database: Database) -> None:
    def start_over(session: Session) -> None:
        session.execute(delete(AuditEntry))
        session.execute(delete(AuditSeal))
        for minutes in range(600, 0, -60):  # the sealer was away for ten hours
            moment = clock.now() - timedelta(minutes=minutes)
            entry_id = UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0b10 << 62)
            session.execute(insert(AuditEntry).values(**a_row(moment) | {"id": entry_id}))

    tamper(database, start_over)
    seal_all(database)
    assert problems(database) == []


def test_entries_are_found_by_action_subject_and_time(database: Database) -> None:
    began = clock.now() - timedelta(seconds=1)
    write(database, 3, "union.updated")
    write(database, 2, "union.created")
    with database.reading() as session:
        assert len(list_entries(session, AuditFilter(action="union.created"))) == 2
        assert len(list_entries(session, AuditFilter(subject_type="union", subject_id="1", since=began))) == 2
        assert list_entries(session, AuditFilter(until=began, action="union.updated")) == []
        assert {"union.created", "union.updated"} <= set(list_actions(session))


def test_pages_of_the_log_join_without_gap(database: Database) -> None:
    written = write(database, 7)
    with database.reading() as session:
        first = list_entries(session, AuditFilter(action="union.updated"), limit=4)
        second = list_entries(session, AuditFilter(action="union.updated"), before=first[-1].id, limit=4)
    assert [row.id for row in first + second] == written


def test_two_sealers_at_once_leave_one_sound_chain(database: Database) -> None:
    write(database, 6)
    with database.write_session() as first:
        assert seal_batch(first, clock.now(), limit=4) == 4
        if not database.settings.is_sqlite:  # SQLite lets one writer in at a time anyway
            with database.write_session() as second:
                second.execute(text("SET LOCAL lock_timeout = '200ms'"))
                with pytest.raises(DBAPIError):
                    seal_batch(second, clock.now(), limit=4)
                second.rollback()
        first.commit()
    seal_all(database)
    assert problems(database) == []
    with database.reading() as session:
        unsealed = session.scalars(select(AuditEntry.id).where(AuditEntry.seal_number.is_(None))).all()
    assert unsealed == []
