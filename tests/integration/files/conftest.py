"""Two kinds of rows with files: a worker's, behind the phone's door, and a union's, behind the console's."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict
from server.core.slice import declared
from server.core.storage.base import ObjectStore
from server.kit.files import rules
from server.kit.files.rules import PICTURES, FileKind, FileLimits
from server.unions.actor import Actor
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import Sample
from tests.support.world import Someone, World

PHOTOS = FileLimits(most=2, media_types=PICTURES)


@dataclass
class Rows:
    """Rows that may have files, and whose they are. The field `photos` of each takes two pictures."""

    subject: str
    permission: str
    owners: dict[UUID, UUID] = field(default_factory=dict)
    closed: set[UUID] = field(default_factory=set)

    def new(self, owner_id: UUID) -> UUID:
        row_id = ids.new_id()
        self.owners[row_id] = owner_id
        return row_id

    def kind(self) -> FileKind:
        return FileKind(
            subject=self.subject, may_read=self.may_read, may_write=self.may_write, read_permission=self.permission,
            write_permission=self.permission, limits=FileLimits(most=5), limits_of=self.limits_of,
        )  # fmt: skip

    def may_read(self, session: Session, subject_id: UUID, actor: Actor) -> bool:
        return actor.is_own(self.owners.get(subject_id))

    def may_write(self, session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
        if subject_id in self.closed:
            raise Conflict("已经提交，不能再改。", code="closed")
        return self.may_read(session, subject_id, actor)

    def limits_of(self, session: Session, subject_id: UUID, field: str) -> FileLimits | None:
        return {"": FileLimits(most=5), "photos": PHOTOS}.get(field)


@pytest.fixture
def answers() -> Rows:
    return Rows("letter", "file.send")


@pytest.fixture
def notices() -> Rows:
    return Rows("award_batch", "file.use")


@pytest.fixture(autouse=True)
def _kinds(answers: Rows, notices: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside what the slices declare, which is installed anew whenever jobs run."""
    kinds = (answers.kind(), notices.kind())
    monkeypatch.setattr(rules, "declared", lambda: replace(declared(), files=kinds))


@pytest.fixture
def row(answers: Rows, world: World) -> UUID:
    """A row of the worker's."""
    return answers.new(world.people.worker.id)


@pytest.fixture
def notice(notices: Rows, world: World) -> UUID:
    """A row of the town's reviewer's."""
    return notices.new(world.people.town_reviewer.id)


@pytest.fixture
def desk(desk_of: Callable[[Someone], Desk], world: World) -> Desk:
    return desk_of(world.people.town_reviewer)


def query(row_id: UUID, sample: Sample, **changes: str) -> str:
    values = {"subject": "letter", "subject_id": str(row_id), "name": sample.name, "sha256": sample.sha256}
    return urlencode({key: value for key, value in {**values, **changes}.items() if value})


def put(phone: Phone, row_id: UUID, sample: Sample, file_id: UUID | None = None, **changes: str) -> Answer:
    """The file as a body."""
    path = f"/api/v1/files/{file_id or ids.new_id()}?{query(row_id, sample, **changes)}"
    return phone.call("PUT", path, body=sample.content, headers={"Content-Type": "application/octet-stream"})


def post_form(phone: Phone, row_id: UUID, sample: Sample, file_id: UUID) -> Answer:
    """The file in a form, as mini programs send it."""
    path = f"/api/v1/files/{file_id}?{query(row_id, sample)}"
    return phone.post(path, files={"file": (sample.name, sample.content, sample.media_type)})


def listed(phone: Phone, row_id: UUID) -> list[dict[str, object]]:
    found: list[dict[str, object]] = phone.get(f"/api/v1/files?subject=letter&subject_id={row_id}").ok().json["items"]
    return found


def stored(store: ObjectStore) -> list[str]:
    return [found.key for found in store.objects("files/")]
