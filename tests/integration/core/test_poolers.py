"""PgBouncer in transaction mode between the service and PostgreSQL: every transaction may meet another connection."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from server.app import create_app
from server.core import ids
from server.core.connections import PLANNING
from server.core.db import Database
from server.core.settings import Settings
from server.migrations import run
from tests.support import images
from tests.support.callers import InProcess, Phone, hazard
from tests.support.servers import PgBouncer, Postgres, begin
from tests.support.world import World

pytestmark = pytest.mark.servers
scaled = pytest.mark.parametrize("backend", ["scaled"], indirect=True)


@pytest.fixture
def pooled(settings: Settings, postgres: Postgres) -> Iterator[Flask]:
    """The service, through the pooler."""
    with begin(lambda: PgBouncer(postgres)) as pooler:
        address = urlsplit(settings.database_url)
        url = settings.database_url.replace(f":{address.port}/", f":{pooler.port}/")
        app = create_app(settings.model_copy(update={"database_url": url}))
        yield app
        app.extensions["database"].close()


@scaled
def test_it_works_from_the_first_request_on_and_for_many_at_once(pooled: Flask, world: World) -> None:
    def report(number: int) -> list[int]:
        phone = Phone(InProcess(pooled)).sign_in("demo:worker-1")
        sample, hazard_id = images.jpeg(number, size=(64, 48)), ids.new_id()
        answers = [
            phone.declare(hazard_id, hazard([sample], enterprise_id=world.unions.shipyard)),
            phone.upload(hazard_id, sample),
            phone.get(f"/api/v1/submissions/{hazard_id}"),
        ]
        return [answer.status for answer in answers]

    assert report(0) == [201, 200, 200]
    with ThreadPoolExecutor(8) as people:
        assert list(people.map(report, range(1, 33))) == [[201, 200, 200]] * 32


@scaled
def test_statements_are_planned_alike_with_and_without_a_pooler(
    settings: Settings, postgres: Postgres, database: Database
) -> None:
    compiling, planning, reading = (run._scripts().get_revision(each).module for each in ("0084", "0087", "0108"))
    with database.transaction() as session:
        assert [session.scalar(text(f"SHOW {name}")) for name in PLANNING] == list(PLANNING.values())
        # What is set for a database does not come with a copy of it.
        for statement in (compiling.NO_COMPILING, planning.PLANNING, reading.PLANNING):
            session.execute(text(statement))
    with begin(lambda: PgBouncer(postgres)) as pooler:
        name = urlsplit(settings.database_url).path.removeprefix("/")
        where = f"host=127.0.0.1 port={pooler.port} user=postgres dbname={name}"
        with psycopg.connect(where, autocommit=True, prepare_threshold=None) as connection:
            shown = [connection.execute(f"SHOW {each}".encode()).fetchone() for each in PLANNING]
            assert shown == [(value,) for value in PLANNING.values()]
