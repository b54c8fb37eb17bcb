"""Who took part in a quiz, by enterprise and never by rank; who did not, only where the campaign allows it; figures of
one's own subtree."""

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from server.activities.quiz.levels.queries import forget_quizzes
from server.core import clock
from server.core.db import Database
from server.unions.campaigns.models import Campaign
from server.unions.people.models import Person, SameBy
from server.unions.people.selves.queries import note_same
from server.unions.tree.models import Union
from tests.integration.quiz.conftest import MakeQuiz, Player
from tests.support.callers import Desk
from tests.support.ledgers import read_ledger
from tests.support.pages import squeeze
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
DeskOf = Callable[[Someone], Desk]
PHONE = "13800001234"


@pytest.fixture
def played(make_quiz: MakeQuiz, player_of: Callable[[Someone], Player], world: World, database: Database) -> UUID:
    """A quiz that the worker of the shipyard played badly and the worker of the brewery well; the colleague did not."""
    quiz_id = make_quiz(1)
    player_of(world.people.worker).play(quiz_id, right=2)
    player_of(world.people.stranger).play(quiz_id)
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == world.people.colleague.id).values(phone=PHONE))
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(headcount=4))
    return quiz_id


def allow(database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Campaign).values(lists_absentees=True))
    forget_quizzes()


def ledger(desk: Desk, path: str) -> list[dict[str, object]]:
    return read_ledger(desk.get(path).ok().body)


def test_scores_are_listed_by_enterprise_within_ones_scope_and_never_ranked(
    played: UUID, desk_of: DeskOf, world: World
) -> None:
    people = world.people
    rows = ledger(desk_of(people.city_reviewer), f"/console/quiz-scores/ledger.xlsx?quiz={played}")
    assert [(row["姓名"], row["总分"], row["是否通关"]) for row in rows] == [
        (people.worker.name, 50, "否"), (people.stranger.name, 100, "是"),
    ]  # fmt: skip
    assert "名次" not in rows[0]
    for who, seen, unseen in (
        (people.district_reviewer, people.worker, people.stranger),
        (people.enterprise_reviewer, people.worker, people.stranger),
        (people.other_town_reviewer, people.stranger, people.worker),
    ):
        page = desk_of(who).get("/console/quiz-scores").ok().text
        assert (seen.name in page, unseen.name in page) == (True, False), who.name
    finished = desk_of(people.city_reviewer).get("/console/quiz-scores?progress=finished").ok().text
    assert (people.stranger.name in finished, people.worker.name in finished) == (True, False)
    assert desk_of(people.district_reviewer).get(f"/console/quiz-scores?union={world.unions.brewery}").status == 404


def test_who_answered_everything_wrong_took_part_and_who_only_wished_to_be_ranked_did_not(
    played: UUID, player_of: Callable[[Someone], Player], desk_of: DeskOf, world: World, database: Database
) -> None:
    allow(database)
    desk, colleague = desk_of(world.people.district_reviewer), world.people.colleague
    player_of(colleague).phone.put(f"/api/v1/quizzes/{played}/listing", {"is_listed": True})
    lists = ("/console/quiz-scores", "/console/quiz-absentees")
    assert [colleague.name in desk.get(path).ok().text for path in lists] == [False, True]
    player_of(colleague).play(played, right=0)
    assert [colleague.name in desk.get(path).ok().text for path in lists] == [True, False]
    rows = ledger(desk, "/console/quiz-scores/ledger.xlsx")
    assert {row["姓名"]: row["总分"] for row in rows}[colleague.name] == 0


def test_nobody_is_listed_as_absent_unless_the_campaign_allows_it(
    played: UUID, desk_of: DeskOf, world: World, database: Database
) -> None:
    desk = desk_of(world.people.district_reviewer)
    for path in ("/console/quiz-absentees", "/console/quiz-absentees/ledger.xlsx"):
        refused = desk.get(path)
        assert (refused.status, "没有开放" in refused.text) == (404, True)
    assert "quiz-absentees" not in desk.get("/console/quiz-figures").ok().text
    allow(database)
    assert "quiz-absentees" in desk.get("/console/quiz-figures").ok().text
    page = desk.get("/console/quiz-absentees").ok().text
    assert (world.people.colleague.name in page, world.people.worker.name in page) == (True, False)
    assert PHONE not in page
    assert "138****1234" in page


def test_the_sheet_to_phone_by_has_whole_numbers_for_who_may_read_them(
    played: UUID, desk_of: DeskOf, world: World, database: Database
) -> None:
    allow(database)
    for who, phone in ((world.people.town_reviewer, PHONE), (world.people.enterprise_reviewer, "138****1234")):
        rows = ledger(desk_of(who), "/console/quiz-absentees/ledger.xlsx")
        assert {row["姓名"]: row["手机"] for row in rows}[world.people.colleague.name] == phone
    log = desk_of(world.people.admin).get("/console/audit?action=list.exported").ok().text
    assert "没有参加的人" in log


def test_who_took_part_as_another_row_of_the_same_human_being_is_not_absent(
    played: UUID, desk_of: DeskOf, world: World, database: Database
) -> None:
    allow(database)
    with database.transaction() as session:
        note_same(session, [world.people.colleague.id], [world.people.worker.id], SameBy.LINKED_PHONE, clock.now())
    assert (
        world.people.colleague.name not in desk_of(world.people.town_reviewer).get("/console/quiz-absentees").ok().text
    )


def test_a_town_and_an_enterprise_see_the_figures_of_their_own_subtree_alone(
    played: UUID, desk_of: DeskOf, world: World
) -> None:
    for who in (world.people.town_reviewer, world.people.enterprise_reviewer):
        page = squeeze(desk_of(who).get("/console/quiz-figures").ok().text)
        assert '<dd class="tile-count">1</dd> <dt class="tile-label">参加的人</dt>' in page
        assert "25.0%" in page  # one of four heads
        assert "全市" not in page
        assert 'aria-label="最难的题"' not in page
        refused = desk_of(who).get(f"/console/quiz-figures?union={world.unions.brewery}")
        assert refused.status == 404
    city = desk_of(world.people.city_reviewer)
    below = squeeze(city.get(f"/console/quiz-figures?quiz={played}&union={world.unions.south}").ok().text)
    assert "海滨" in below or str(world.unions.seaside) in below
    book = load_workbook(
        BytesIO(city.get(f"/console/quiz-figures.xlsx?quiz={played}&union={world.unions.south}").ok().body)
    )
    assert [row[1] for row in book.worksheets[0].iter_rows(min_row=2, max_row=2, values_only=True)] == [1]
