"""Sessions of training as tests make them, through the console, and the code on the trainer's screen."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import clock, ids
from server.oversight.training.models import (
    Attendance,
    CheckInMeans,
    ConfirmedBy,
    SessionKind,
    SessionStatus,
    TrainingSession,
)
from server.oversight.training.rules import windows_of
from tests.support.callers import Answer, Desk, Phone
from tests.support.world import World

BEGINS = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai, of a session that `plan` makes."""
ENDS = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


def training_session(world: World, now: datetime, **changes: Any) -> TrainingSession:
    """A row as it lies at the shipyard, which handed in its papers."""
    starts, ends = now - timedelta(hours=3), now - timedelta(hours=1)
    windows = windows_of(starts, ends)
    kept: dict[str, Any] = {
        "id": ids.new_id(), "number": "2026-000900P", "kind": SessionKind.COURSE, "status": SessionStatus.RUNNING,
        "version": 1, "organiser_id": world.unions.shipyard, "city_id": world.unions.city,
        "district_id": world.unions.south, "town_id": world.unions.seaside, "enterprise_id": world.unions.shipyard,
        "title": "有限空间作业", "venue": "二楼会议室", "starts_at": starts, "ends_at": ends, "hours": Decimal(2),
        "check_in_from": windows.check_in_from, "check_in_until": windows.check_in_until,
        "check_out_from": windows.check_out_from, "check_out_until": windows.check_out_until,
        "planned_by_id": world.people.enterprise_reviewer.id, "handed_in_by_id": world.people.enterprise_reviewer.id,
        "handed_in_at": now, "reason": "没有照片", "created_at": now, "updated_at": now,
    }  # fmt: skip
    return TrainingSession(**kept | changes)


def held_session(session: Session, world: World, number: int, *who: str, **changes: Any) -> TrainingSession:
    """A session that took place, with those who came; a name twice is one person."""
    now = clock.now()
    made = training_session(
        world, now, number=f"2026-00090{number}P", **{"status": SessionStatus.INCOMPLETE, "starts_at": now} | changes
    )
    made.ends_at = made.starts_at + timedelta(hours=1)
    session.add(made)
    session.flush()
    for name in who:
        session.add(_attendance(world, made, name, now))
    return made


def _attendance(world: World, held: TrainingSession, name: str, now: datetime) -> Attendance:
    is_here = not name.endswith("?")  # checked in, and nobody knows whether they stayed
    return Attendance(
        id=ids.new_id(), session_id=held.id, who=name, name=name, kind=held.kind, held_on=clock.day_of(held.starts_at),
        means=CheckInMeans.SHEET, checked_in_at=now, confirmed_by=ConfirmedBy.TRAINER if is_here else None,
        confirmed_at=now if is_here else None, is_counted=is_here, created_at=now, updated_at=now,
        city_id=world.unions.city, district_id=world.unions.south, town_id=world.unions.seaside,
        enterprise_id=world.unions.shipyard,
    )  # fmt: skip


def plan(desk: Desk, organiser: UUID, **changes: str) -> str:
    """The path of a new session."""
    fields = {
        "organiser": str(organiser), "kind": "course", "title": "有限空间作业", "venue": "二楼会议室",
        "day": "2026-11-30", "begins": "09:00", "ends": "11:00", "hours": "2", "trainer": "培训人甲",
    }  # fmt: skip
    answer = desk.post("/console/training", {**fields, **changes}, form="/console/training/new")
    assert answer.status == 303, answer.text[:3000]
    return str(answer.headers["Location"])


def move(desk: Desk, path: str, name: str, **fields: str) -> Answer:
    """Make a move with the version that the page shows."""
    return desk.post(f"{path}/{name}", {"version": version_on(desk, path), **fields}, form=path)


def version_on(desk: Desk, path: str) -> str:
    """The version of a page whose reader may do something, else 1."""
    found = re.search(r'name="version" value="(\d+)"', desk.get(path).ok().text)
    return found[1] if found else "1"


def code_on_screen(desk: Desk, path: str, purpose: str = "in") -> str:
    """What stands on the trainer's screen now."""
    found = re.search(r'data-code="(\d{6})"', desk.get(f"{path}/code/now?purpose={purpose}").ok().text)
    assert found is not None
    return found[1]


def send_code(phone: Phone, path: str, code: str, door: str = "check-in", **more: Any) -> Answer:
    """Send a code from a phone."""
    session_id = path.rsplit("/", 1)[1]
    return phone.put(f"/api/v1/training/sessions/{session_id}/{door}", {"code": code, **more})
