"""Migrations make the schema that the models describe, on both databases, one after the other."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Column, inspect, text

from server import models
from server.core.db import Base, Database
from server.migrations import run as migrations
from tests.support.databases import settings_for


@pytest.fixture(scope="module", params=["embedded", pytest.param("scaled", marks=pytest.mark.servers)])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One that was brought up from nothing: a copy of what all tests' databases are copied from, for the whole chain
    takes five CPU seconds."""
    size = request.getfixturevalue(request.param)
    copies = size.databases if request.param == "embedded" else size.databases()
    database = Database(settings_for(copies.copy(tmp_path_factory.mktemp("migrations"), filled=False)))
    yield database
    database.close()
    if request.param == "scaled":
        copies.drop(database.settings.sqlalchemy_url)


def configuration() -> Config:
    config = Config(stdout=sys.stdout)  # alembic's default is that of its import, which pytest may have closed since
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())


def test_there_is_one_head_and_one_line_to_it() -> None:
    assert len(scripts().get_heads()) == 1
    assert all(not isinstance(revision.down_revision, tuple) for revision in scripts().walk_revisions())


def test_migrations_are_numbered_in_their_order() -> None:
    revisions = [*scripts().walk_revisions()][::-1]
    for number, revision in enumerate(revisions, start=1):
        assert Path(revision.path).name.startswith(f"{number:04d}_"), revision.path


def test_an_empty_database_is_said_to_be_behind(tmp_path: Path) -> None:
    database = Database(settings_for(f"sqlite:///{tmp_path / 'empty.db'}"))
    assert not migrations.is_current(database)
    database.close()


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping")  # of expressions
@pytest.mark.slow("climbs from the first schema to the newest, if it is the first that needs one")
def test_an_empty_database_is_brought_to_the_models(migrated: Database) -> None:
    assert migrations.is_current(migrated)
    config = configuration()
    with migrated.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)  # raises with the differences, if there are any


def test_indexes_of_expressions_are_there_which_alembic_cannot_compare_on_sqlite(migrated: Database) -> None:
    wanted = {
        str(index.name) for table in Base.metadata.tables.values() for index in table.indexes
        if not all(isinstance(each, Column) for each in index.expressions)
    }  # fmt: skip
    table, column = ("sqlite_master", "name") if migrated.settings.is_sqlite else ("pg_indexes", "indexname")
    with migrated.reading() as session:
        there = set(session.scalars(text(f"SELECT {column} FROM {table}")))
    assert "ix_hazards_place" in wanted <= there


def test_every_check_of_the_models_is_in_the_database(migrated: Database) -> None:
    """alembic does not compare CHECKs."""
    inspector = inspect(migrated.engine)
    missing = {}
    for table in models.metadata.sorted_tables:
        wanted = {str(item.name) for item in table.constraints if isinstance(item, CheckConstraint) and item.name}
        there = {str(item["name"]) for item in inspector.get_check_constraints(table.name)}
        if wanted - there:
            missing[table.name] = sorted(wanted - there)
    assert missing == {}


def test_migrating_again_changes_nothing(migrated: Database) -> None:
    migrations.upgrade(migrated)
    assert migrations.is_current(migrated)
