"""Moving from SQLite to PostgreSQL: every row arrives, interrupted nothing has happened, nothing is overwritten."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import cast, make_url, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from server.cli import main
from server.core import clock
from server.core.audit.sealing import seal_batch
from server.core.db import Base, Database
from server.core.ops import moving
from server.core.settings import Settings
from server.review.search.models import SubmissionText
from server.review.search.rules import postgresql_document
from tests.support.backends import Embedded, Scaled
from tests.support.callers import Phone
from tests.support.databases import settings_for
from tests.support.service import environment
from tests.support.world import World

pytestmark = pytest.mark.servers


@pytest.fixture
def backend(embedded: Embedded) -> Iterator[Embedded]:
    """What is moved is the small size."""
    yield embedded
    embedded.clean()


@pytest.fixture
def target(request: pytest.FixtureRequest, scaled: Scaled, tmp_path: Path) -> Iterator[Database]:
    """A new PostgreSQL database: migrated already, which takes a while, or `blank`."""
    copies = scaled.databases()
    url = copies.copy(tmp_path, filled=False)
    if getattr(request, "param", "") == "blank":
        name = str(make_url(url).database)
        copies.server.execute(f"DROP DATABASE {name}", f"CREATE DATABASE {name}")
    database = Database(settings_for(url))
    yield database
    database.close()
    copies.drop(url)


def rows(database: Database) -> dict[str, list[str]]:
    """Everything in a database, by table; words for searching are compared by themselves."""
    found = {}
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "tokens"]
            held = session.execute(select(*columns))
            found[table.name] = sorted(json.dumps(list(row), default=str, sort_keys=True) for row in held)
    return found


@pytest.fixture
def move(
    settings: Settings, target: Database, phone: Phone, world: World, run_jobs: Callable[..., int],
    database: Database, monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], int]:  # fmt: skip
    """A service that was used for a while, and the command that moves it."""
    phone.report(enterprise_id=world.unions.shipyard)
    run_jobs()
    with database.transaction() as session:
        seal_batch(session, clock.now() + timedelta(hours=1))
    wanted = settings.model_copy(update={"database_url": str(target.settings.sqlalchemy_url)})
    for name, value in environment(wanted).items():
        monkeypatch.setenv(name, value)
    return lambda: main(["move-to-postgresql"])


@pytest.mark.parametrize("target", ["blank"], indirect=True)
def test_every_row_arrives_and_the_audit_log_is_still_sound(
    move: Callable[[], int], database: Database, target: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows(database)
    assert sum(map(len, before.values())) > 50
    assert move() == 0
    assert rows(target) == before
    with database.reading() as session:
        words = [each.split() for each in session.scalars(select(SubmissionText.tokens).order_by(SubmissionText.id))]
    with target.reading() as session:
        indexed = session.scalars(select(SubmissionText.tokens).order_by(SubmissionText.id)).all()
        wanted = [session.scalar(select(cast(postgresql_document(each), TSVECTOR))) for each in words]
    assert indexed == wanted
    assert main(["audit", "verify"]) == 0
    assert f"{sum(map(len, before.values()))} 行" in capsys.readouterr().out


def test_interrupted_nothing_has_happened_and_again_is_safe(
    move: Callable[[], int], database: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    untouched = rows(target)
    with monkeypatch.context() as patch:
        patch.setattr(moving, "_count", stop)
        assert move() == 130
    assert rows(target) == untouched
    assert move() == 0
    assert rows(target) == rows(database)


def test_a_database_with_rows_is_not_touched(
    move: Callable[[], int], target: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert move() == 0
    before = rows(target)
    assert move() == 1
    assert "已经有数据" in capsys.readouterr().err
    assert rows(target) == before


def test_what_guards_the_tables_is_back_in_place(move: Callable[[], int], target: Database) -> None:
    assert move() == 0
    with target.reading() as session:
        resting = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
        references = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
        assert session.execute(text(resting)).scalar_one() == 0
        wanted = sum(len(table.foreign_key_constraints) for table in Base.metadata.sorted_tables)
        assert session.execute(text(references)).scalar_one() == wanted


def test_without_postgresql_in_the_settings_it_says_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert main(["move-to-postgresql", "--from", str(tmp_path / "none.db")]) == 1
    assert "SUISHOUPAI_DATABASE_URL" in capsys.readouterr().err
