"""Periodic work: by one worker at a time, whatever the clock does."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.clock_jumps import pull_back
from server.core.jobs.models import Job, PeriodicRun
from server.core.jobs.periodic import run_periodic
from server.core.jobs.registry import JobContext, job, periodic
from server.core.jobs.runner import Outcome, Runner
from server.core.ops import checks
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.migrations.run import is_current
from tests.integration.core.jobs.rows import look, put

TODAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_periodic_work_is_done_by_one_worker_at_a_time(
    runner: Runner, other_runner: Runner, database: Database
) -> None:
    rounds: list[int] = []

    @periodic("test.round", "测试", seconds=3600)
    def turn(ctx: JobContext) -> None:
        rounds.append(run_periodic(other_runner, threading.Event()))

    assert run_periodic(runner, threading.Event()) == 1
    assert rounds == [0]
    assert run_periodic(runner, threading.Event()) == 0  # not due for an hour


def test_periodic_work_that_fails_comes_round_again_with_its_reason(runner: Runner, database: Database) -> None:
    @periodic("test.round", "测试", seconds=0)
    def turn(ctx: JobContext) -> None:
        raise ValueError("not today")

    assert run_periodic(runner, threading.Event()) == 1
    with database.reading() as session:
        assert session.scalar(select(PeriodicRun.error)) == "ValueError: not today"
    assert run_periodic(runner, threading.Event()) == 1


def test_a_clock_that_was_a_day_ahead_for_a_minute_stops_nothing(
    runner: Runner, settings: Settings, database: Database, object_store: ObjectStore, time_machine: Any
) -> None:
    rounds: list[datetime] = []
    seen: list[str] = []

    @periodic("test.round", "测试", seconds=60)
    def turn(ctx: JobContext) -> None:
        rounds.append(clock.now())

    @job("test.late", "测试")
    def late(ctx: JobContext) -> None:
        if not seen:
            seen.append("failed")
            raise ValueError("not at the first try")
        seen.append("done")

    time_machine.move_to(TODAY)
    run_periodic(runner, threading.Event())
    time_machine.move_to(TODAY + timedelta(days=1))
    run_periodic(runner, threading.Event())
    put(database, "test.late")
    runner.drain(threading.Event())  # put back for later, by the wrong clock
    time_machine.move_to(TODAY + timedelta(minutes=1))
    run_periodic(runner, threading.Event())
    assert [moment.day for moment in rounds] == [TODAY.day, TODAY.day + 1, TODAY.day]
    time_machine.move_to(TODAY + timedelta(minutes=3))
    run_periodic(runner, threading.Event())
    assert len(rounds) == 4
    runner.drain(threading.Event())
    assert seen == ["failed", "done"]
    found = {each.name: each for each in checks.examine(settings, database, object_store, is_current)}
    assert not found["时钟"].is_well
    assert "曾经快了约 2" in found["时钟"].text  # 23 hours and 59 minutes
    time_machine.move_to(TODAY + timedelta(days=2))
    found = {each.name: each for each in checks.examine(settings, database, object_store, is_current)}
    assert "快了" not in found["时钟"].text


def test_what_is_agreed_for_another_day_is_not_pulled_back(runner: Runner, database: Database) -> None:
    later = clock.now() + timedelta(days=7)
    job_id = put(database, "test.erase", run_at=later)
    pull_back(database, runner.heartbeat.lease)
    row = look(database, job_id)
    assert row is not None
    assert abs(row.run_at - later) < timedelta(seconds=1)


def test_whoever_is_at_work_when_the_clock_goes_back_keeps_the_job(
    runner: Runner, other_runner: Runner, database: Database
) -> None:
    outcome: list[Outcome | None] = []

    @job("test.long", "测试")
    def long(ctx: JobContext) -> None:
        with database.transaction() as session:  # a beat while the clock was ahead
            session.execute(update(Job).where(Job.id == job_id).values(lease_until=clock.now() + timedelta(days=1)))
        pull_back(database, runner.heartbeat.lease)
        outcome.append(other_runner.run_next())
        with database.reading() as session:
            until = session.scalar(select(Job.lease_until))
        assert until
        assert until < clock.now() + timedelta(minutes=2)

    job_id = put(database, "test.long")
    assert runner.run_next() is Outcome.DONE
    assert outcome == [None]
