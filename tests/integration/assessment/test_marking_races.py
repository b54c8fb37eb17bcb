"""Two who mark one unit at the same moment, on PostgreSQL, where they truly do: one is kept, the other is told and has
what was typed before them."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.oversight.assessment.models import AssessedUnit, Mark, Stage
from tests.integration.assessment.assessing import LIST, Assessing
from tests.integration.review.test_review_races import at_once
from tests.support.backends import Scaled
from tests.support.callers import Answer, Desk
from tests.support.world import Someone, World

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, through whole requests")]


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


@pytest.fixture
def assessing(
    database: Database, world: World, desk_of: Callable[[Someone], Desk], run_jobs: Callable[..., int]
) -> Assessing:
    return Assessing(database, world, desk_of, run_jobs)


def sender(desk: Desk, unit: AssessedUnit, activities: str) -> Callable[[], Answer]:
    """A sheet filled in and ready: only the sending is left."""
    values = {"value-i1": "1", "value-i2": "100", "value-i4": activities, "value-v1": "0"}
    fields = {"version": str(unit.version), "csrf_token": desk.csrf_token(LIST), **values}
    return lambda: desk.transport.send("POST", f"/console/assessments/units/{unit.id}", fields=fields)


def answerer(desk: Desk, objection_id: UUID) -> Callable[[], Answer]:
    """An answer that upholds, ready to be sent."""
    upheld = {"is_upheld": "1", "answer": "补充的记录属实", "value": "4"}
    fields = {"csrf_token": desk.csrf_token(LIST), **upheld}
    return lambda: desk.transport.send("POST", f"/console/assessments/objections/{objection_id}", fields=fields)


def test_of_two_who_mark_one_sheet_one_is_kept_and_the_other_loses_nothing_that_was_typed(
    assessing: Assessing, database: Database, world: World
) -> None:
    run_id = assessing.open(assessing.publish(), percent=0)
    assessing.move(run_id, "count")
    assessing.run_jobs()
    desks = assessing.city, assessing.colleague()
    for union_id in (world.unions.south, world.unions.north):
        unit = assessing.units(run_id)[union_id]
        answers = at_once(sender(desks[0], unit, "3"), sender(desks[1], unit, "4"))
        assert sorted(answer.status for answer in answers) == [303, 409]
        [refused] = [number for number, answer in enumerate(answers) if answer.status == 409]
        assert "这家刚刚有人核过" in answers[refused].text
        assert f'value="{(3, 4)[refused]}"' in answers[refused].text
        with database.reading() as session:
            those = Mark.unit_id == unit.id, Mark.stage == Stage.FIRST, Mark.item == "i4"
            assert session.scalars(select(Mark.value).where(*those)).all() == [str((4, 3)[refused])]
    objected = assessing.object_all(run_id)
    answers = at_once(*(answerer(desk, objected[each]) for desk, each in zip(desks, objected, strict=True)))
    assert [answer.status for answer in answers] == [303, 303]
    assessing.run_jobs()
    assert {unit.total_hundredths for unit in assessing.units(run_id).values()} == {10000}
    assert not assessing.run(run_id).is_rescoring
