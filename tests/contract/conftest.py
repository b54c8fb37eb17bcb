"""One application for a whole module, with a worker who has something under way."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from server.app import create_app
from server.core import ids
from tests.support import images
from tests.support.backends import Embedded
from tests.support.callers import InProcess, Phone, hazard
from tests.support.world import World


@dataclass(frozen=True)
class Api:
    """The application, a signed-in worker, and ids that exist and are theirs."""

    app: Flask
    phone: Phone
    world: World
    incomplete: UUID
    queued: UUID


@pytest.fixture(scope="module")
def api(embedded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    app = create_app(embedded.settings(tmp_path_factory.mktemp("api")))
    world = embedded.world()
    phone = Phone(InProcess(app)).sign_in(world.people.worker.code or "")
    incomplete = ids.new_id()
    samples = [images.jpeg(1, (320, 240)), images.jpeg(2, (320, 240))]
    phone.declare(incomplete, hazard(samples, enterprise_id=world.unions.shipyard)).ok()
    queued = phone.report(images.jpeg(3, (320, 240)), enterprise_id=world.unions.shipyard)
    yield Api(app, phone, world, incomplete, queued)
    app.extensions["database"].close()
