"""What was stored under an earlier schema is still there under the newest, with sensible values where it had none."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, func, select, text

from server.core import clock, ids
from server.core.db import Database
from server.migrations import run as migrations
from server.notifications.inbox.models import InboxMessage
from server.review.followers.actions import succeed
from server.review.rectification.models import Rectification
from server.unions.accounts.models import Account
from tests.support.backends import run_jobs
from tests.support.databases import settings_for
from tests.support.servers import Postgres

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def upgrade_to(database: Database, revision: str) -> None:
    """Bring the schema up to `revision`; `<revision>-1` is the one before."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.engine.connect() as connection, migrations.tables_may_be_rebuilt(connection), connection.begin():
        config.attributes["connection"] = connection
        if revision.endswith("-1"):
            before = ScriptDirectory.from_config(config).get_revision(revision.removesuffix("-1"))
            revision = str(before.down_revision)
        command.upgrade(config, revision)


def before(name: str) -> str:
    """The revision before the migration that is called so, whatever its number: they are put behind each other."""
    [found] = (Path(migrations.__file__).parent / "versions").glob(f"[0-9]*_{name}.py")
    return f"{found.name[:4]}-1"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A database with the first schema."""
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


class Old:
    """Rows as the first release wrote them."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self._tables = connection, dict[str, Table]()
        self.is_sqlite = connection.dialect.name == "sqlite"

    def table(self, name: str) -> Table:
        """As it is by now. Looking at all of them takes as long as an upgrade."""
        if name not in self._tables:
            self._tables[name] = Table(name, MetaData(), autoload_with=self.connection, resolve_fks=False)
        return self._tables[name]

    def insert(self, table: str, **values: Any) -> Any:
        """Insert a row, with an id of its own where its table has one; returns the id as the database keeps it."""
        key = ids.new_id()
        row = {"id": key, **values} if "id" in self.table(table).c else values
        plain = {name: self._plain(value) for name, value in row.items()}
        self.connection.execute(self.table(table).insert(), plain)
        return key

    def _plain(self, value: Any) -> Any:
        if self.is_sqlite and hasattr(value, "hex") and not isinstance(value, float | bytes):
            return value.hex
        return value.replace(tzinfo=None) if self.is_sqlite and isinstance(value, datetime) else value


def fill(old: Old) -> None:
    """A city, a worker, and a hazard that was asked about and answered with a photo."""
    times = {"created_at": NOW, "updated_at": NOW}
    city = old.insert(
        "unions", level="city", name="青岛市总工会", short_name="", is_high_risk=False, is_chemical=False,
        is_active=True, version=1, **times,
    )  # fmt: skip
    person = old.insert("people", name="赵工", is_active=True, version=1, **times)
    campaign = old.insert(
        "campaigns", union_id=city, name="查保促", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        activities=["hazard"], grades=[{"grade": 1, "name": "重大", "criteria": ""}], categories=[], is_current=True,
        version=1, **times,
    )  # fmt: skip
    hazard = old.insert(
        "submissions", kind="hazard", campaign_id=campaign, reporter_id=person, content_hash="0" * 64,
        status="accepted", version=3, category="fire", excerpt="灭火器失效", place="三楼", grade=3, photos_expected=2,
        photos_received=2, city_id=city, routed_union_id=city, arrived_at=NOW, due_at=NOW, decided_at=NOW, **times,
    )  # fmt: skip
    answer = ids.new_id()
    for position, batch in enumerate((None, answer)):
        old.insert(
            "photos", submission_id=hazard, owner_id=person, position=position, batch_id=batch, sha256="0" * 64,
            size=1000, state="awaited",
        )  # fmt: skip
    old.insert(
        "submission_steps", submission_id=hazard, move="accept", from_status="queued", to_status="accepted",
        actor_id=person, at=NOW,
    )  # fmt: skip


def rows_of(connection: Connection, name: str) -> list[Any]:
    table = Table(name, MetaData(), autoload_with=connection)
    return list(connection.execute(select(table).order_by(*(table.c[column] for column in ("id",)))))


def test_submissions_keep_their_steps_and_photos(database: Database) -> None:
    with database.engine.begin() as connection:
        fill(Old(connection))
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        (hazard,) = rows_of(connection, "submissions")
        assert (hazard.status, hazard.grade, hazard.is_anonymous, hazard.disclosed_at) == ("accepted", 3, False, None)
        assert [row.move for row in rows_of(connection, "submission_steps")] == ["accept"]
        assert {row.purpose for row in rows_of(connection, "photos") if row.batch_id is None} == {"report"}
        assert {row.purpose for row in rows_of(connection, "photos") if row.batch_id is not None} == {"answer"}


def test_hazards_accepted_before_there_were_rectifications_get_theirs_after_the_upgrade(database: Database) -> None:
    with database.engine.begin() as connection:
        fill(Old(connection))
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        (hazard,) = rows_of(connection, "submissions")
        assert "rectification.open_missing" in {row.name for row in rows_of(connection, "jobs")}
    run_jobs(database.settings, database, expect_failures=True)
    with database.reading() as session:
        row = session.scalars(select(Rectification)).one()
        assert (row.status, row.grade, row.addressee_id) == ("open", 3, row.city_id)
        assert (row.submission_id.hex, row.due_at > clock.now()) == (str(hazard.id).replace("-", ""), True)


WIDENED = {f"ix_unions_{level}_id" for level in ("city", "district", "town", "enterprise")}


@sqlite
def test_after_the_upgrade_indexes_and_triggers_are_still_there_and_references_watched_over(database: Database) -> None:
    with database.engine.connect() as connection:
        before = _things(connection)
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        now = _things(connection)
    assert {(kind, _name_now(name)) for kind, name in before} <= now


def _name_now(name: str) -> str:
    """What was renamed; and those of unions by what lies above them, which hold the key as well now."""
    renamed = name.replace("guesses", "failed_attempts")
    return renamed.removesuffix("_id") if renamed in WIDENED else renamed


def _things(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.exec_driver_sql("SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger')")
    return {(row[0], row[1]) for row in rows}


@sqlite
def test_a_migration_that_leaves_references_to_nothing_is_rolled_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not look at references while tables are copied, so the upgrade looks itself."""
    with database.engine.begin() as connection:
        fill(Old(connection))

    def spoil(config: Config, _revision: str) -> None:
        config.attributes["connection"].exec_driver_sql("DELETE FROM people")

    monkeypatch.setattr(command, "upgrade", spoil)
    with pytest.raises(RuntimeError, match="lead nowhere"):
        migrations.upgrade(database)
    with database.engine.connect() as connection:
        people = Table("people", MetaData(), autoload_with=connection)
        assert connection.scalar(select(func.count()).select_from(people)) == 1


def test_reports_stranded_behind_a_target_that_ended_are_seen_to_after_the_upgrade(database: Database) -> None:
    with database.engine.begin() as connection:
        old = Old(connection)
        fill(old)
        hazards = old.table("submissions")
        known = dict(connection.execute(select(hazards)).mappings().one())
        same = {name: known[name] for name in known if name not in ("id", "status", "grade", "decided_at")}
        target = old.insert("submissions", **same | {"status": "withdrawn"})
        behind = {"status": "duplicate", "decided_at": NOW}
        merged = old.insert("submissions", **same | behind | {"duplicate_of_id": target})
        old.insert("submissions", **same | behind | {"duplicate_of_id": known["id"]})
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        jobs = [row for row in rows_of(connection, "jobs") if row.name == "duplicates.succeed"]
    assert [row.args for row in jobs] == [{"target_id": str(target)}]
    with database.transaction() as session:
        assert succeed(session, target, NOW) == merged


def test_secrets_from_before_are_encrypted_and_still_read(database: Database) -> None:
    with database.engine.begin() as connection:
        old = Old(connection)
        person = old.insert("people", name="赵工", is_active=True, version=1, created_at=NOW, updated_at=NOW)
        old.connection.execute(
            old.table("accounts").insert(),
            {
                "person_id": old._plain(person), "username": "zhao", "password_hash": "x", "totp_secret": "JBSWY3DP",
                "totp_last_step": 0, "must_change_password": False, "created_at": old._plain(NOW),
                "updated_at": old._plain(NOW),
            },
        )  # fmt: skip
    migrations.upgrade(database)
    with database.reading() as session:
        held = session.execute(text("SELECT totp_secret FROM accounts")).scalar_one()
        assert "JBSWY3DP" not in held
        assert session.scalars(select(Account.totp_secret)).one() == "JBSWY3DP"


def test_what_followers_of_anonymous_reports_were_told_keeps_its_day_alone_after_the_upgrade(
    database: Database,
) -> None:
    with database.engine.begin() as connection:
        fill(Old(connection))
    upgrade_to(database, "0026-1")
    with database.engine.begin() as connection:
        old = Old(connection)
        hazards = old.table("submissions")
        connection.execute(hazards.update().values(is_anonymous=True))
        submission, reporter = connection.execute(select(hazards.c.id, hazards.c.reporter_id)).one()
        follower = old.insert("people", name="钱工", is_active=True, version=1, created_at=NOW, updated_at=NOW)
        told = {"title": "已销号", "body": "", "submission_id": submission, "created_at": NOW}
        kept = old.insert("inbox_messages", person_id=reporter, key="rectification:1", **told)
        old.insert("inbox_messages", person_id=follower, key="followed:1:2", **told)
    migrations.upgrade(database)
    with database.reading() as session:
        found = {each.person_id: each for each in session.scalars(select(InboxMessage))}
    assert found[follower].created_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert ids.tells_day_only(found[follower].id)
    (mine,) = (each for each in found.values() if each.person_id != follower)
    assert (mine.id, mine.created_at) == (kept, NOW)


def test_names_and_reports_of_before_are_found_as_those_written_since(database: Database) -> None:
    with database.engine.begin() as connection:
        old = Old(connection)
        fill(old)
        old.insert("people", name="买买提·吐尔逊", is_active=True, version=1, created_at=NOW, updated_at=NOW)
        report = connection.scalar(select(old.table("submissions").c.id))
        old.insert("submission_texts", id=1, submission_id=report, tokens="")
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        assert {row.name_key for row in rows_of(connection, "people")} == {"赵工", "买买提吐尔逊"}
        assert [row.name_key for row in rows_of(connection, "unions")] == ["青岛市总工会"]
        assert "queue.index_anew" in {row.name for row in rows_of(connection, "jobs")}
