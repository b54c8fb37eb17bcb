"""A union asks enterprises which systems they have; what it accepts stands in the register, checked."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.core import clock, ids
from server.kit.files.models import AttachedFile, FileState
from server.oversight.systems.collecting.asking import key_of
from server.oversight.systems.models import HeldStatus, SafetySystem
from tests.integration.assignments.answering import Cast
from tests.integration.systems.test_systems import STATED, begin, held_at, move
from tests.support.tasks import load_row

pytestmark = pytest.mark.usefixtures("end_of_november")


def three_systems(cast: Cast) -> list[UUID]:
    """The city asks about three."""
    begin(cast.desk_of, cast.world, cast.database)
    with cast.database.transaction() as session:
        session.execute(update(SafetySystem).where(SafetySystem.position > 3).values(is_asked=False))
        return list(session.scalars(select(SafetySystem.id).order_by(SafetySystem.position).limit(3)))


def says(systems: list[UUID], *, first: str = "2025-01-31") -> dict[str, str]:
    """The first and the second are there, the third is not."""
    there = {
        key_of(system, part): value
        for system in systems[:2]
        for part, value in {"has": "yes", "title": "制度（2025）1号", "since": first, "seen": "2025-03-01"}.items()
    }
    return {**there, key_of(systems[2], "has"): "no", key_of(systems[2], "note"): "明年一月建立"}


def attach(cast: Cast, task: UUID, field: str) -> None:
    """A document beside that field, as its door keeps it."""
    with cast.database.transaction() as session:
        session.add(
            AttachedFile(
                id=ids.new_id(), subject="response", subject_id=task, field=field, position=0, name="制度.pdf",
                uploaded_by_id=cast.world.people.enterprise_reviewer.id, media_type="application/pdf", size=3,
                sha256="a" * 64, object_id=ids.new_id(), created_at=clock.now(), state=FileState.READY,
            )
        )  # fmt: skip


def register(cast: Cast) -> list[tuple[HeldStatus, date | None, str]]:
    held = [held_at(cast.database, cast.world.unions.shipyard, position) for position in (1, 2, 3)]
    return [(row.status, row.adopted_on, row.note) for row in held]


def test_what_is_accepted_is_stated_and_checked_with_its_documents(cast: Cast, time_machine: Any) -> None:
    systems = three_systems(cast)
    task = cast.ask(kind="systems", form=None)
    unit, town = cast.unit(task), cast.town(task)
    late = unit.fill("submit", **says(systems, first="2026-12-01"))
    assert (late.status, late.text.count("不能晚于今天")) == (422, 2)
    attach(cast, task, key_of(systems[0], "files"))
    assert unit.fill("submit", **says(systems)).status == 303
    assert {status for status, *_ in register(cast)} == {HeldStatus.UNSTATED}
    assert town.decide("accept", load_row(cast.database, task).version).status == 303
    for _ in range(2):  # safe to do twice
        cast.run_jobs()
        assert register(cast) == [
            (HeldStatus.CHECKED, date(2025, 1, 31), ""), (HeldStatus.CHECKED, date(2025, 1, 31), ""),
            (HeldStatus.ABSENT, None, "明年一月建立"),
        ]  # fmt: skip
    page = unit.desk.get(f"/console/systems/enterprises/{cast.world.unions.shipyard}").ok().text
    assert page.count("制度.pdf") == 1

    time_machine.move_to("2026-11-29T04:20Z", tick=False)
    assert (
        unit.desk.post(
            f"{unit.path}/correct", {"version": str(load_row(cast.database, task).version), "reason": "日期错了"}
        ).status
        == 303
    )
    assert unit.fill("submit", **says(systems, first="2024-01-31")).status == 303
    assert town.decide("accept", load_row(cast.database, task).version).status == 303
    cast.run_jobs()
    assert [day for _, day, _ in register(cast)] == [date(2024, 1, 31), date(2024, 1, 31), None]


def test_what_an_enterprise_said_itself_since_stays_and_is_what_the_next_answer_starts_from(
    cast: Cast, time_machine: Any
) -> None:
    systems = three_systems(cast)
    task = cast.ask(kind="systems", form=None)
    assert cast.unit(task).fill("submit", **says(systems)).status == 303
    time_machine.move_to("2026-11-29T04:20Z", tick=False)
    held = held_at(cast.database, cast.world.unions.shipyard)
    assert move(cast.unit(task).desk, held, "state", 1, **STATED | {"adopted_on": "2025-02-02"}).status == 303
    assert cast.town(task).decide("accept", 3).status == 303
    cast.run_jobs()
    assert [row[:2] for row in register(cast)[:2]] == [
        (HeldStatus.STATED, date(2025, 2, 2)), (HeldStatus.CHECKED, date(2025, 1, 31))
    ]  # fmt: skip
    second = cast.ask(kind="systems", form=None)
    page = cast.unit(second).page
    assert page.count('value="2025-02-02"') == 1
    assert page.count('value="2025-01-31"') == 1


def test_with_an_empty_list_nothing_can_be_asked(cast: Cast) -> None:
    desk = cast.desk_of(cast.world.people.town_reviewer)
    posted = {"title": "报制度", "text": "", "due_on": "2026-12-20", "checker": "sender", "remind_days": "3"}
    made = desk.post("/console/assignments/new?kind=systems", {**posted, "levels": "enterprise"}, form="/console/")
    assert (made.status, "制度清单还是空的" in made.text, "报制度" in made.text) == (422, True, True)
