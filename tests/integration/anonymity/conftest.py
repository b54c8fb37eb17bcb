"""An anonymous report that has come a long way, so that there is much to give its reporter away."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server import models
from server.core.db import Database
from server.photos.models import Photo
from server.unions.people.models import Person
from tests.support import images
from tests.support.callers import Answer, Desk, Phone
from tests.support.world import Someone, World

REPORTED = datetime(2026, 11, 20, 5, 37, 11, tzinfo=UTC)  # 13:37 in Shanghai
REVIEWED = datetime(2026, 11, 23, 1, 2, tzinfo=UTC)
PHONE_NUMBER = "13705321988"
EXCERPT = "三号门外的配电箱敞着"
HEX_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Case:
    """The anonymous report, and what would betray who made it."""

    submission_id: UUID
    photo_ids: tuple[UUID, ...]
    other_id: UUID  # another submission of the same person, of no concern to the enterprise
    reporter: Someone

    @property
    def traces(self) -> tuple[str, ...]:
        """Words that must not be seen. The name and the person are checked apart: staff lists may hold them."""
        return ("13:37", "05:37", "09:15", *images.DEVICE, PHONE_NUMBER, str(self.other_id))


@pytest.fixture
def case(
    phone_of: Callable[[Someone], Phone],
    desk_of: Callable[[Someone], Desk],
    world: World,
    database: Database,
    run_jobs: Callable[..., int],
) -> Iterator[Case]:
    """Reported on a Friday, alike to what a colleague reports on Monday; then it is Monday."""
    worker = world.people.worker
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == worker.id).values(phone=PHONE_NUMBER))
    with time_machine.travel(REPORTED):
        phone = phone_of(worker)
        submission_id = report_anonymously(phone, images.jpeg(1), images.jpeg(2), enterprise_id=world.unions.shipyard)
        other_id = phone.report(images.jpeg(3), enterprise_id=world.unions.brewery)
        run_jobs(expect_failures=True)
    with database.reading() as session:
        photo_ids = tuple(session.scalars(select(Photo.id).where(Photo.submission_id == submission_id)))
    with time_machine.travel(REVIEWED):  # a colleague sends the same photo by name: it leads to the anonymous one
        phone_of(world.people.colleague).report(images.bare_jpeg(1), enterprise_id=world.unions.shipyard)
        run_jobs(expect_failures=True)
        yield Case(submission_id, photo_ids, other_id, worker)


def report_anonymously(phone: Phone, *photos: images.Sample, **changes: object) -> UUID:
    """A whole hazard, in the queue, its name kept back."""
    return phone.report(*photos, **{"description": EXCERPT, "is_anonymous": True, **changes})


def read(answer: Answer) -> str:
    """Everything that an answer says: its text, its headers, and what is written in a workbook or document.

    Files on the disk bear the machine's time, whatever the clock of a test says: test_disclosure.py has Last-Modified.
    """
    machine_time = ("Date", "Expires", "Last-Modified")
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items() if name not in machine_time)
    if answer.body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.body)) as parts:
            return "\n".join([heads, *(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())])
    return f"{heads}\n{answer.body.decode('utf-8', 'replace')}"


def ids_made_while_reporting(text: str) -> list[str]:
    """UUIDv7 in a text that tell the minute of the report."""
    start, end = REPORTED.timestamp() * 1000 - 60_000, REPORTED.timestamp() * 1000 + 600_000
    return [each for each in HEX_ID.findall(text) if start <= UUID(each).int >> 80 <= end]


def known_ids(session: Session, case: Case, world: World) -> list[UUID]:
    """Ids that a curious reviewer could have: of every row that hangs on the report, and of the reporter."""
    found: list[object] = [case.submission_id, *case.photo_ids, world.people.worker.id, world.unions.shipyard]
    for table in models.metadata.sorted_tables:
        if "submission_id" in table.c and "id" in table.c:
            found += session.scalars(select(table.c.id).where(table.c.submission_id == case.submission_id))
    return [each for each in dict.fromkeys(found) if isinstance(each, UUID)]
