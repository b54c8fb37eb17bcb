"""Migrations make the schema that the models describe, on both databases, one after the other."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect

from server import models
from server.core.db import Database
from server.migrations import run as migrations
from tests.support.databases import settings_for
from tests.support.servers import Postgres


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An empty database of each kind."""
    if request.param == "sqlite":
        database = Database(settings_for(f"sqlite:///{tmp_path_factory.mktemp('migrations') / 'empty.db'}"))
        yield database
        database.close()
        return
    server: Postgres = request.getfixturevalue("postgres")
    server.execute("CREATE DATABASE migrating")
    database = Database(settings_for(server.url("migrating")))
    yield database
    database.close()
    server.execute("DROP DATABASE migrating WITH (FORCE)")


@pytest.fixture(scope="module")
def migrated(empty: Database) -> Database:
    """One that was brought up from nothing, once for all tests: the whole chain takes two CPU seconds."""
    assert not migrations.is_current(empty)
    migrations.upgrade(empty)
    return empty


def configuration() -> Config:
    config = Config()
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


@pytest.mark.slow("climbs from the first schema to the newest")
def test_an_empty_database_is_brought_to_the_models(migrated: Database) -> None:
    assert migrations.is_current(migrated)
    config = configuration()
    with migrated.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.check(config)  # raises with the differences, if there are any


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
