"""What was stored under an earlier schema is still there under the newest, with sensible values where it had none.

Stories about single tables stand in tests/migrations/kept.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, func, select, text

from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.models import Job
from server.migrations import run as migrations
from server.notifications.inbox.models import InboxMessage
from server.review.followers.actions import succeed
from server.review.rectification.models import Rectification
from server.unions.accounts.models import Account
from server.unions.people.models import Person
from server.unions.tree.models import Union
from tests.migrations.climbing import (
    NEWEST,
    NOW,
    STORIES,
    Climb,
    Filled,
    Old,
    Story,
    rows_about,
    rows_of,
    story,
    things,
    upgrade_to,
)
from tests.support.backends import run_jobs
from tests.support.databases import settings_for
from tests.support.servers import Postgres

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)]
sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)

for each in sorted((Path(__file__).parent / "kept").glob("[a-z]*.py")):
    import_module(f"tests.migrations.kept.{each.stem}")


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Of database."""
    return str(request.param)


@pytest.fixture(scope="module")
def climb(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Climb]:
    """The way up of all stories."""
    if kind == "sqlite":
        climbed = Climb(f"sqlite:///{tmp_path_factory.mktemp('climb') / 'old.db'}", None)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE climb")
        climbed = Climb(server.url("climb"), server)
    yield climbed
    climbed.database.close()


@story
def submissions_keep_their_steps_and_photos(old: Old) -> Story:
    hazard = Filled(old).hazard
    database = yield NEWEST
    with database.engine.connect() as connection:
        (kept,) = rows_about(connection, "submissions", id=hazard)
        assert (kept.status, kept.grade, kept.is_anonymous, kept.disclosed_at) == ("accepted", 3, False, None)
        assert [row.move for row in rows_about(connection, "submission_steps", submission_id=hazard)] == ["accept"]
        photos = rows_about(connection, "photos", submission_id=hazard)
    assert {row.purpose for row in photos if row.batch_id is None} == {"report"}
    assert {row.purpose for row in photos if row.batch_id is not None} == {"answer"}


@story
def hazards_accepted_before_there_were_rectifications_get_theirs_after_the_upgrade(old: Old) -> Story:
    hazard = Filled(old).hazard
    database = yield NEWEST
    with database.engine.connect() as connection:
        assert "rectification.open_missing" in {row.name for row in rows_of(connection, "jobs")}
    run_jobs(database.settings, database, expect_failures=True)
    with database.reading() as session:
        row = session.scalars(select(Rectification).where(Rectification.submission_id == hazard)).one()
        assert (row.status, row.grade, row.addressee_id) == ("open", 3, row.city_id)
        assert row.due_at > clock.now()


@story
def reports_stranded_behind_a_target_that_ended_are_seen_to_after_the_upgrade(old: Old) -> Story:
    hazard = Filled(old).hazard
    known = old.row("submissions", hazard)
    same = {name: known[name] for name in known if name not in ("id", "status", "grade", "decided_at")}
    target = old.insert("submissions", **same | {"status": "withdrawn"})
    behind = {"status": "duplicate", "decided_at": NOW}
    merged = old.insert("submissions", **same | behind | {"duplicate_of_id": target})
    old.insert("submissions", **same | behind | {"duplicate_of_id": hazard})
    database = yield NEWEST
    with database.engine.connect() as connection:
        jobs = [row for row in rows_of(connection, "jobs") if row.name == "duplicates.succeed"]
    assert [row.args for row in jobs] == [{"target_id": str(target)}]
    with database.transaction() as session:
        assert succeed(session, target, NOW) == merged


@story
def secrets_from_before_are_encrypted_and_still_read(old: Old) -> Story:
    person = old.insert("people", name="赵工", is_active=True, version=1, created_at=NOW, updated_at=NOW)
    old.insert(
        "accounts", person_id=person, username="zhao", password_hash="x", totp_secret="JBSWY3DP", totp_last_step=0,
        must_change_password=False, created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    database = yield NEWEST
    with database.reading() as session:
        held = session.execute(text("SELECT totp_secret FROM accounts WHERE username = 'zhao'")).scalar_one()
        assert "JBSWY3DP" not in held
        assert session.get_one(Account, person).totp_secret == "JBSWY3DP"


@story
def what_followers_of_anonymous_reports_were_told_keeps_its_day_alone_after_the_upgrade(old: Old) -> Story:
    filled = Filled(old)
    old = yield "0026-1"
    hazards = old.table("submissions")
    anonymous = hazards.update().where(hazards.c.id == old.plain(filled.hazard)).values(is_anonymous=True)
    old.connection.execute(anonymous)
    follower = old.insert("people", name="钱工", is_active=True, version=1, created_at=NOW, updated_at=NOW)
    told = {"title": "已销号", "body": "", "submission_id": filled.hazard, "created_at": NOW}
    kept = old.insert("inbox_messages", person_id=filled.person, key="rectification:1", **told)
    old.insert("inbox_messages", person_id=follower, key="followed:1:2", **told)
    database = yield NEWEST
    with database.reading() as session:
        found = {each.person_id: each for each in session.scalars(select(InboxMessage))}
    assert found[follower].created_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert ids.tells_day_only(found[follower].id)
    assert (found[filled.person].id, found[filled.person].created_at) == (kept, NOW)
    assert len(found) == 2


@story
def names_and_reports_of_before_are_found_as_those_written_since(old: Old) -> Story:
    filled = Filled(old)
    other = old.insert("people", name="买买提·吐尔逊", is_active=True, version=1, created_at=NOW, updated_at=NOW)
    old.insert("submission_texts", id=1, submission_id=filled.hazard, tokens="")
    database = yield NEWEST
    with database.reading() as session:
        assert session.get_one(Person, filled.person).name_key == "赵工"
        assert session.get_one(Person, other).name_key == "买买提吐尔逊"
        assert session.get_one(Union, filled.city).name_key == "青岛市总工会"
        assert "queue.index_anew" in set(session.scalars(select(Job.name)))


@pytest.mark.slow("the first climbs from the first schema to the newest, for all of them")
@pytest.mark.parametrize("name", STORIES)
def test_kept(climb: Climb, name: str) -> None:
    climb.end(name)


WIDENED = {f"ix_unions_{level}_id" for level in ("city", "district", "town", "enterprise")}


@sqlite
def test_after_the_upgrade_indexes_and_triggers_are_still_there_and_references_watched_over(climb: Climb) -> None:
    with climb.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        now = things(connection)
    assert climb.at_first
    assert {(kind, _name_now(name)) for kind, name in climb.at_first} <= now


def _name_now(name: str) -> str:
    """What was renamed; and those of unions by what lies above them, which hold the key as well now."""
    renamed = name.replace("guesses", "failed_attempts")
    return renamed.removesuffix("_id") if renamed in WIDENED else renamed


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the first schema, for what cannot climb with the others."""
    name = f"kept_{ids.new_id().hex[-8:]}"
    server: Postgres | None = None
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        server = request.getfixturevalue("postgres")
        server.execute(f"CREATE DATABASE {name}")
        url = server.url(name)
    opened = Database(settings_for(url))
    upgrade_to(opened, "0001")
    yield opened
    opened.close()
    if server is not None:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_migration_that_leaves_references_to_nothing_is_rolled_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not look at references while tables are copied, so the upgrade looks itself."""
    with database.engine.begin() as connection:
        Filled(Old(connection))

    def spoil(config: Config, _revision: str) -> None:
        config.attributes["connection"].exec_driver_sql("DELETE FROM people")

    monkeypatch.setattr(command, "upgrade", spoil)
    with pytest.raises(RuntimeError, match="lead nowhere"):
        migrations.upgrade(database)
    with database.engine.connect() as connection:
        people = Table("people", MetaData(), autoload_with=connection)
        assert connection.scalar(select(func.count()).select_from(people)) == 1
