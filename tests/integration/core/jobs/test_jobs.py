"""Jobs: at least once, one at a time, and never lost."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from server.core import clock, ids
from server.core.db import Database
from server.core.errors import Conflict
from server.core.jobs import wake_ups
from server.core.jobs.actions import discard_job, enqueue, retry_job
from server.core.jobs.leases import Heartbeat
from server.core.jobs.models import Job, JobState, Priority
from server.core.jobs.registry import GiveUp, JobContext, job
from server.core.jobs.runner import Outcome, Runner
from server.core.jobs.sweep import Sweeper
from server.core.settings import Settings
from server.core.storage.base import ObjectMissing, StorageError
from tests.integration.core.jobs.rows import expire_lease, look, make_due, put

TODAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_job_that_succeeds_leaves_no_row(runner: Runner, database: Database) -> None:
    seen: list[Any] = []

    @job("test.note", "测试")
    def note(ctx: JobContext, thing_id: UUID, words: str) -> None:
        seen.append((thing_id, words))

    thing_id = ids.new_id()
    job_id = put(database, "test.note", thing_id=thing_id, words="好")
    assert runner.run_next() is Outcome.DONE
    assert seen == [(thing_id, "好")]
    assert look(database, job_id) is None


def test_a_job_of_a_transaction_that_failed_is_never_run(runner: Runner, database: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            enqueue(session, "test.note")
            raise RuntimeError("rolled back")

    with pytest.raises(RuntimeError):
        fail()
    assert runner.run_next() is None


def test_a_job_that_fails_is_put_back_for_later_with_its_reason(runner: Runner, database: Database) -> None:
    @job("test.fail", "测试")
    def fail(ctx: JobContext) -> None:
        raise ValueError("no such thing as 13800138000")

    job_id = put(database, "test.fail")
    assert runner.run_next() is Outcome.RETRY
    row = look(database, job_id)
    assert row is not None
    assert (row.state, row.attempts) == (JobState.READY, 1)
    assert row.error == "ValueError: no such thing as ***"  # and no phone number in it
    assert timedelta(seconds=5) < row.run_at - clock.now() < timedelta(seconds=15)
    assert runner.run_next() is None


def test_a_job_is_dead_after_its_last_attempt(runner: Runner, database: Database) -> None:
    @job("test.fail", "测试", max_attempts=2)
    def fail(ctx: JobContext) -> None:
        raise ValueError("again")

    job_id = put(database, "test.fail")
    runner.run_next()
    make_due(database, job_id)
    assert runner.run_next() is Outcome.DEAD
    row = look(database, job_id)
    assert row is not None
    assert (row.state, row.error) == (JobState.DEAD, "ValueError: again")


def test_a_handler_that_gives_up_is_not_tried_again(runner: Runner, database: Database) -> None:
    @job("test.hopeless", "测试")
    def hopeless(ctx: JobContext) -> None:
        raise GiveUp("the photo is damaged")

    put(database, "test.hopeless")
    assert runner.run_next() is Outcome.DEAD


@pytest.mark.parametrize(
    "outage",
    [StorageError(), OperationalError("SELECT 1", None, Exception("the server has gone"))],
    ids=["object store", "database"],
)
def test_an_outage_uses_up_no_attempts(runner: Runner, database: Database, outage: Exception) -> None:
    @job("test.fetch", "测试", max_attempts=1)
    def fetch(ctx: JobContext) -> None:
        raise outage

    job_id = put(database, "test.fetch")
    for _ in range(3):
        make_due(database, job_id)
        assert runner.run_next() is Outcome.RETRY
    row = look(database, job_id)
    assert row is not None
    assert (row.state, row.attempts) == (JobState.READY, 0)
    assert row.error
    assert row.run_at > clock.now() + timedelta(seconds=10)


def test_an_outage_without_end_is_a_failure_in_the_end(runner: Runner, database: Database) -> None:
    @job("test.fetch", "测试", max_attempts=1)
    def fetch(ctx: JobContext) -> None:
        raise StorageError

    job_id = put(database, "test.fetch")
    with database.transaction() as session:
        session.execute(update(Job).values(created_at=clock.now() - timedelta(days=4)))
    assert runner.run_next() is Outcome.DEAD
    assert look(database, job_id) is not None


def test_what_is_missing_for_good_is_no_outage(runner: Runner, database: Database) -> None:
    @job("test.fetch", "测试", max_attempts=1)
    def fetch(ctx: JobContext) -> None:
        raise ObjectMissing

    put(database, "test.fetch")
    assert runner.run_next() is Outcome.DEAD


def test_a_job_nobody_knows_waits_for_somebody_who_does(runner: Runner, database: Database) -> None:
    put(database, "test.of_a_newer_version")
    assert runner.run_next() is Outcome.RETRY


def test_of_two_workers_only_one_runs_a_job(runner: Runner, other_runner: Runner, database: Database) -> None:
    inside, leave = threading.Event(), threading.Event()

    @job("test.slow", "测试")
    def slow(ctx: JobContext) -> None:
        inside.set()
        assert leave.wait(10)

    job_id = put(database, "test.slow")
    thread = threading.Thread(target=runner.run_next)
    thread.start()
    assert inside.wait(10)
    assert other_runner.run_next() is None
    leave.set()
    thread.join(10)
    assert look(database, job_id) is None


def test_a_job_whose_worker_fell_silent_is_run_by_another(
    runner: Runner, other_runner: Runner, database: Database
) -> None:
    runs: list[str] = []

    @job("test.twice", "测试")
    def twice(ctx: JobContext) -> None:
        runs.append("run")
        if len(runs) == 1:  # while the first is still at it, its lease runs out and another worker comes
            expire_lease(database, job_id)
            assert other_runner.run_next() is Outcome.DONE

    job_id = put(database, "test.twice")
    assert runner.run_next() is Outcome.LOST
    assert len(runs) == 2
    assert look(database, job_id) is None


def test_a_job_that_kills_its_worker_every_time_ends_dead(runner: Runner, database: Database) -> None:
    @job("test.poison", "测试", max_attempts=2)
    def poison(ctx: JobContext) -> None:
        raise SystemExit  # as good as a crash: nothing settles the row

    job_id = put(database, "test.poison")
    for _ in range(2):
        with pytest.raises(SystemExit):
            runner.run_next()
        expire_lease(database, job_id)
    assert runner.run_next() is Outcome.DEAD
    row = look(database, job_id)
    assert row is not None
    assert row.error is not None
    assert row.error.startswith("WorkerDied")


def test_the_heartbeat_keeps_the_lease_of_a_long_job(runner: Runner, other_runner: Runner, database: Database) -> None:
    outcome: list[Outcome | None] = []

    @job("test.long", "测试")
    def long(ctx: JobContext) -> None:
        expire_lease(database, job_id)
        assert runner.heartbeat.beat()
        outcome.append(other_runner.run_next())

    job_id = put(database, "test.long")
    assert runner.run_next() is Outcome.DONE
    assert outcome == [None]


def test_a_job_that_hangs_loses_its_lease(runner: Runner, other_runner: Runner, database: Database) -> None:
    @job("test.hang", "测试", max_seconds=-1)
    def hang(ctx: JobContext) -> None:
        if not runner.heartbeat.overrun():
            expire_lease(database, job_id)
            runner.heartbeat.beat()
            assert runner.heartbeat.overrun() == 1
            assert other_runner.run_next() is Outcome.DONE

    job_id = put(database, "test.hang")
    assert runner.run_next() is Outcome.LOST
    assert runner.heartbeat.overrun() == 0


def test_work_released_at_a_stop_is_due_at_once_and_not_counted(
    runner: Runner, other_runner: Runner, database: Database
) -> None:
    @job("test.stop", "测试", max_attempts=1)
    def stop(ctx: JobContext) -> None:
        assert runner.release_all() in (0, 1)  # the first time one, then the other runner's is not ours

    job_id = put(database, "test.stop")
    assert runner.run_next() is Outcome.LOST
    row = look(database, job_id)
    assert row is not None
    assert (row.state, row.attempts) == (JobState.READY, 0)
    assert other_runner.run_next() is Outcome.DONE


def test_a_commit_wakes_a_worker_up(settings: Settings, database: Database) -> None:
    woken: list[str] = []
    huey = wake_ups.make_huey(settings, lambda: woken.append("up"), consuming=True)
    put(database, "test.note")
    task = huey.dequeue()
    assert task is not None
    huey.execute(task)
    assert woken == ["up"]


def test_a_savepoint_alone_wakes_nobody_up(settings: Settings, database: Database) -> None:
    huey = wake_ups.make_huey(settings, lambda: None, consuming=True)
    with database.transaction() as session:
        with session.begin_nested():
            enqueue(session, "test.note")
        assert huey.storage.queue_size() == 0
    assert huey.storage.queue_size() == 1


def test_the_sweep_finds_jobs_that_lost_their_wake_up(runner: Runner, settings: Settings, database: Database) -> None:
    job_id = put(database, "test.note")
    sender = wake_ups.WakeUps(settings)
    huey = wake_ups.make_huey(settings, lambda: None, consuming=True)
    huey.storage.flush_queue()
    with database.transaction() as session:
        past = clock.now() - timedelta(seconds=30)
        session.execute(update(Job).where(Job.id == job_id).values(run_at=past))
    assert Sweeper(runner, sender).sweep(threading.Event()) == 0
    assert sender.waiting() == wake_ups.ENOUGH


def test_one_wake_up_is_enough_for_all_that_is_due(runner: Runner, settings: Settings, database: Database) -> None:
    seen: list[int] = []

    @job("test.note", "测试")
    def note(ctx: JobContext, number: int) -> None:
        seen.append(number)

    huey = wake_ups.make_huey(settings, lambda: runner.drain(threading.Event()), consuming=True)
    with database.transaction() as session:
        for number in range(300):  # more than any list of candidates or batch holds
            enqueue(session, "test.note", number=number)
    huey.storage.flush_queue()  # every wake-up is lost …
    put(database, "test.note", number=300)  # … but this
    huey.execute(huey.dequeue())
    assert sorted(seen) == list(range(301))


def test_messages_go_before_prints_however_many_prints_wait(runner: Runner, database: Database) -> None:
    order: list[str] = []

    @job("test.print", "测试", priority=Priority.BULK)
    def make_print(ctx: JobContext) -> None:
        order.append("print")

    @job("test.decide", "测试")
    def decide(ctx: JobContext) -> None:
        order.append("decide")

    @job("test.tell", "测试", priority=Priority.MESSAGE)
    def tell(ctx: JobContext) -> None:
        order.append("tell")

    for name in ["test.print"] * 40 + ["test.decide", "test.tell"]:
        put(database, name)
    runner.drain(threading.Event())
    assert order == ["tell", "decide"] + ["print"] * 40


def test_many_workers_at_once_do_every_job_once(runner: Runner, settings: Settings, database: Database) -> None:
    seen: list[int] = []

    @job("test.note", "测试")
    def note(ctx: JobContext, number: int) -> None:
        seen.append(number)

    with database.transaction() as session:
        for number in range(100):
            enqueue(session, "test.note", number=number)
    runners = [Runner(runner.context, Heartbeat(database, 60)) for _ in range(8)]
    threads = [threading.Thread(target=each.drain, args=(threading.Event(),)) for each in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(seen) == list(range(100))


@pytest.fixture
def dead_job(runner: Runner, database: Database) -> UUID:
    @job("test.hopeless", "测试")
    def hopeless(ctx: JobContext) -> None:
        raise GiveUp("for a reason")

    job_id = put(database, "test.hopeless")
    runner.run_next()
    return job_id


def test_a_dead_job_can_be_given_another_chance(runner: Runner, database: Database, dead_job: UUID) -> None:
    with database.transaction() as session:
        retry_job(session, dead_job, actor_id=None, now=clock.now())
    row = look(database, dead_job)
    assert row is not None
    assert (row.state, row.attempts) == (JobState.READY, 0)
    assert runner.run_next() is Outcome.DEAD


def test_only_a_dead_job_can_be_discarded(database: Database, dead_job: UUID) -> None:
    waiting = put(database, "test.note")
    with pytest.raises(Conflict), database.transaction() as session:
        discard_job(session, waiting, actor_id=None, now=clock.now())
    with database.transaction() as session:
        discard_job(session, dead_job, actor_id=None, now=clock.now())
    assert look(database, dead_job) is None
