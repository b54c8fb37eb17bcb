"""Writers of a SQLite database take turns: nobody starves, nobody hangs for ever."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from server.core import sqlite_write_lock
from server.core.db import Database
from tests.support.databases import settings_for


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """One file opened twice, as by two processes."""
    url = f"sqlite:///{tmp_path / 'turns.db'}"
    first, second = Database(settings_for(url)), Database(settings_for(url))
    with first.transaction() as session:
        session.execute(text("CREATE TABLE counted (number INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counted VALUES (0)"))
    yield first, second
    first.close()
    second.close()


def test_many_writers_of_two_processes_all_get_their_turn_soon(both: tuple[Database, Database]) -> None:
    slowest: list[float] = []

    def write(database: Database) -> None:
        longest = 0.0
        for _ in range(20):
            began = time.monotonic()
            with database.transaction() as session:
                number = session.scalar(text("SELECT number FROM counted"))
                time.sleep(0.001)  # as long as a submission takes
                session.execute(text("UPDATE counted SET number = :next"), {"next": number + 1})
            longest = max(longest, time.monotonic() - began)
        slowest.append(longest)

    threads = [threading.Thread(target=write, args=(both[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with both[0].reading() as session:
        assert session.scalar(text("SELECT number FROM counted")) == 160
    assert max(slowest) < sqlite_write_lock.PATIENCE


def test_a_transaction_within_a_transaction_is_refused_instead_of_hanging(
    both: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_write_lock, "PATIENCE", 0.05)
    with both[0].transaction() as outer:
        outer.execute(text("UPDATE counted SET number = 1"))
        with pytest.raises(OperationalError), both[0].transaction() as inner:
            inner.execute(text("UPDATE counted SET number = 2"))
    with both[0].transaction() as session:
        assert session.scalar(text("SELECT number FROM counted")) == 1


def test_a_lock_that_another_process_keeps_is_given_up_on(
    both: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_write_lock, "PATIENCE", 0.05)
    with both[1].transaction() as other:
        other.execute(text("UPDATE counted SET number = 1"))
        with pytest.raises(OperationalError), both[0].transaction() as session:
            session.execute(text("UPDATE counted SET number = 2"))
    with both[0].transaction() as session:
        session.execute(text("UPDATE counted SET number = 3"))


def test_readers_do_not_wait_for_a_writer(both: tuple[Database, Database]) -> None:
    with both[0].transaction() as writer:
        writer.execute(text("UPDATE counted SET number = 9"))
        with both[0].reading() as reader:
            assert reader.scalar(text("SELECT number FROM counted")) == 0
