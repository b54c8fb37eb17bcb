"""What published lists gave, added up over all schemes."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from server.core.db import Database
from server.review.rectification.models import Rectification
from server.review.submissions.models import Submission
from tests.integration.awards.conftest import Awards
from tests.integration.rectification.conftest import Case
from tests.support.callers import Desk
from tests.support.pages import squeeze
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@pytest.fixture
def published(awards: Awards, closed: Callable[..., Case]) -> list[UUID]:
    """Two schemes, each with a published list of one hazard."""
    batches = []
    for grade in ("1", "2"):
        closed(grade=int(grade))
        (batch_id,) = awards.scheme(grades=grade, name=f"奖励 {grade} 级")
        assert [awards.post(f"/{batch_id}/{move}") for move in ("compute", "publish")] == [303, 303]
        batches.append(batch_id)
    return batches


def test_published_lists_of_all_schemes_are_added_up_by_batch_district_and_grade(
    awards: Awards, published: list[UUID]
) -> None:
    page = squeeze(awards.desk.get("/console/awards/summary").ok().text)
    assert all(f"/console/awards/{batch_id}" in page for batch_id in published)
    assert "200.00 元" in page
    book = load_workbook(BytesIO(awards.desk.get("/console/awards/summary.xlsx").ok().body))
    by_batch, by_district, by_grade = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    assert [row[8:11] for row in by_batch[2:4]] == [(1, 1, 100), (1, 1, 100)]
    assert [row[:4] for row in by_district[2:3]] == [("市南区总工会", 2, 2, 200)]
    assert [row[:4] for row in by_grade[2:4]] == [("1 级", 1, 1, 100), ("2 级", 1, 1, 100)]


def test_what_was_closed_a_moment_ago_and_can_still_be_taken_back_is_no_candidate(
    awards: Awards, closed: Callable[..., Case], database: Database
) -> None:
    case = closed(grade=1)
    with database.transaction() as session:
        session.execute(update(Rectification).values(pending_step_id=case.steps[-1].id))
    (batch_id,) = awards.scheme()
    assert awards.post(f"/{batch_id}/compute") == 303
    assert awards.entries(batch_id) == []
    with database.transaction() as session:
        session.execute(update(Rectification).values(pending_step_id=None))
    awards.post(f"/{batch_id}/compute")
    assert len(awards.entries(batch_id)) == 1


def test_what_is_not_published_and_other_years_do_not_count(awards: Awards, published: list[UUID]) -> None:
    awards.scheme(name="还没有公示的")
    assert "还没有公示的" not in awards.desk.get("/console/awards/summary").ok().text
    assert "还没有公示过的名单" in awards.desk.get("/console/awards/summary?year=2019").ok().text
    assert awards.desk.get("/console/awards/summary?year=x").status == 200


def test_a_summary_reaches_no_further_than_ones_own_unions(
    published: list[UUID], desk_of: Callable[[Someone], Desk], world: World
) -> None:
    page = desk_of(world.people.district_reviewer).get("/console/awards/summary").ok().text
    assert "还没有公示过的名单" in page
    assert desk_of(world.people.enterprise_reviewer).get("/console/awards/summary").status == 403


def test_no_district_gives_away_who_reported_anonymously(
    awards: Awards, published: list[UUID], database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(Submission).values(is_anonymous=True))
    page = squeeze(awards.desk.get("/console/awards/summary").ok().text)
    by_district = page.partition('aria-label="按区市"')[2].partition("</section>")[0]
    assert "匿名职工" in by_district
    assert "市南区" not in by_district
