"""Leaderboards and figures: computed by jobs, read by key, left at once by who wants to leave."""

import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from typing import Any
from unittest.mock import Mock
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, QuizStanding
from server.activities.quiz.levels.queries import forget_quizzes
from server.activities.quiz.standings import jobs
from server.activities.quiz.standings.computing import boards
from server.activities.quiz.standings.computing.participation import KEPT, count_participation
from server.activities.quiz.standings.models import QuestionFigure
from server.activities.quiz.standings.queries import discrimination
from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.privacy.erasure.erasing import erase_person
from server.privacy.models import Erasure
from server.unions.campaigns.models import Campaign
from server.unions.people.models import Person
from server.unions.tree.models import Union
from tests.integration.quiz.conftest import MakeQuiz, Player
from tests.support.callers import Desk
from tests.support.counting import count_statements
from tests.support.quizzes import QUESTIONS
from tests.support.world import Someone, World

Players = Callable[[Someone], Player]


def board(player: Player, quiz_id: UUID, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = player.phone.get(f"/api/v1/quizzes/{quiz_id}/leaderboard?{query}").ok().json
    return found


@pytest.fixture
def played(make_quiz: MakeQuiz, player_of: Players, world: World, context: JobContext, database: Database) -> UUID:
    """A quiz that three people have played: faultless, three of four right, two of four right."""
    quiz_id, people = make_quiz(), world.people
    for who, right in ((people.worker, 4), (people.colleague, 3), (people.stranger, 2)):
        player = player_of(who)
        player.play(quiz_id, right=right)
        player.phone.put(f"/api/v1/quizzes/{quiz_id}/listing", {"is_listed": True}).ok()
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(headcount=4))
        session.execute(update(Union).where(Union.id == world.unions.bakery).values(headcount=None))
        session.execute(update(Union).where(Union.id == world.unions.brewery).values(headcount=1))
    jobs.compute_boards(context)
    return quiz_id


def test_before_it_was_computed_a_board_is_empty(player: Player, make_quiz: MakeQuiz) -> None:
    assert board(player, make_quiz()) == {"computed_at": None, "items": [], "next": None, "mine": None}


def test_people_are_ranked_by_score_with_names_in_part(player: Player, played: UUID, world: World) -> None:
    page = board(player, played)
    assert [(item["rank"], item["score"]) for item in page["items"]] == [(1, 100), (2, 75), (3, 50)]
    assert page["items"][0]["label"].startswith(f"{world.people.worker.name[0]}** · ")
    assert world.people.worker.name not in str(page)
    assert page["mine"] == page["items"][0]
    assert [item["position"] for item in page["items"]] == [1, 2, 3]


def test_equal_scores_are_ranked_by_time_and_equal_times_share_a_rank(
    player: Player, played: UUID, database: Database, context: JobContext
) -> None:
    with database.transaction() as session:
        session.execute(update(QuizStanding).values(score=80, duration_ms=5000))
    jobs.compute_boards(context)
    assert [item["rank"] for item in board(player, played)["items"]] == [1, 1, 1]


def test_pages_follow_each_other_without_gaps(player: Player, played: UUID) -> None:
    first = board(player, played, "limit=2")
    second = board(player, played, f"limit=2&after={first['next']}")
    assert [item["rank"] for item in first["items"] + second["items"]] == [1, 2, 3]
    assert second["next"] is None
    answer = player.phone.get(f"/api/v1/quizzes/{played}/leaderboard?after=nonsense")
    assert (answer.status, answer.code) == (422, "bad_cursor")


def test_unions_are_ranked_by_coverage_of_their_true_headcount_then_by_high_scores(
    player: Player, played: UUID
) -> None:
    enterprises = board(player, played, "board=enterprises")["items"]
    assert [(item["coverage"], item["people"]) for item in enterprises] == [(1.0, 1), (0.5, 2)]
    assert board(player, played, "board=enterprises")["mine"] == enterprises[1]
    districts = board(player, played, "board=districts")
    assert [item["coverage"] for item in districts["items"]] == [1.0, 0.5]
    assert districts["mine"]["rank"] == 2


def choose(database: Database, *boards: str) -> None:
    """Let the campaign have these leaderboards alone, as after half a minute."""
    with database.transaction() as session:
        session.execute(update(Campaign).values(leaderboards=list(boards)))
    forget_quizzes()


def test_nobody_is_on_a_leaderboard_who_did_not_join_by_their_own_tap(
    player: Player, player_of: Players, make_quiz: MakeQuiz, world: World, context: JobContext
) -> None:
    quiz_id = make_quiz()
    player.play(quiz_id)
    assert player.map(quiz_id)["is_listed"] is False
    jobs.compute_boards(context)
    assert board(player, quiz_id)["items"] == []
    player.phone.put(f"/api/v1/quizzes/{quiz_id}/listing", {"is_listed": True}).ok()
    player.play(quiz_id, level=2)
    jobs.compute_boards(context)
    page = board(player, quiz_id)
    assert page["items"] == [page["mine"]]


def test_a_leaderboard_that_the_campaign_did_not_choose_is_nowhere(
    player: Player,
    played: UUID,
    database: Database,
    context: JobContext,
    desk_of: Callable[[Someone], Desk],
    world: World,
) -> None:
    choose(database)
    path = f"/api/v1/quizzes/{played}"
    for kind in ("people", "enterprises", "districts"):
        refused = player.phone.get(f"{path}/leaderboard?board={kind}")
        assert (refused.status, refused.code) == (404, "leaderboard_off")
    assert player.phone.put(f"{path}/listing", {"is_listed": True}).code == "leaderboard_off"
    player.phone.put(f"{path}/listing", {"is_listed": False}).ok()
    assert player.map(played)["leaderboards"] == []
    jobs.count_quiz_figures(context)
    jobs.compute_boards(context)
    assert (
        "参与率（按职工总数）"
        not in desk_of(world.people.city_reviewer).get(f"/console/quiz-figures?quiz={played}").text
    )
    choose(database, "enterprises")
    assert board(player, played, "board=enterprises")["items"] == []  # nothing of the old one was kept
    assert player.map(played)["leaderboards"] == ["enterprises"]


def test_who_wants_no_place_is_gone_at_once_and_stays_away(
    player: Player, player_of: Players, played: UUID, world: World, context: JobContext
) -> None:
    path = f"/api/v1/quizzes/{played}/listing"
    assert player.phone.put(path, {"is_listed": False}).ok().json == {"is_listed": False}
    assert [item["score"] for item in board(player, played)["items"]] == [75, 50]
    jobs.compute_boards(context)
    mine = board(player, played)
    assert (mine["mine"], [item["rank"] for item in mine["items"]]) == (None, [1, 2])
    assert player.map(played)["is_listed"] is False
    player.phone.put(path, {"is_listed": True}).ok()
    jobs.compute_boards(context)
    assert len(board(player_of(world.people.stranger), played)["items"]) == 3


def test_who_leaves_while_places_are_written_is_on_none(
    player: Player, player_of: Players, played: UUID, world: World, context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, transaction = itertools.count(1), context.database.transaction

    def leaving() -> AbstractContextManager[Session]:
        if next(begun) == 3:  # one place is written
            for who in (player, player_of(world.people.stranger)):  # the first and the last
                who.phone.put(f"/api/v1/quizzes/{played}/listing", {"is_listed": False}).ok()
        return transaction()

    monkeypatch.setattr(boards, "PIECE", 1)
    monkeypatch.setattr(context.database, "transaction", leaving)
    jobs.compute_boards(context)
    assert [item["score"] for item in board(player, played)["items"]] == [75]


def test_a_count_that_was_cut_off_is_begun_anew(
    player: Player, played: UUID, context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = board(player, played)
    with monkeypatch.context() as cut:
        cut.setattr(boards, "PIECE", 1)
        cut.setattr(boards, "keep_pages", Mock(side_effect=ConnectionError))
        with pytest.raises(ConnectionError):
            jobs.compute_boards(context)
    assert board(player, played) == before
    jobs.compute_boards(context)
    assert board(player, played)["items"] == before["items"]


def test_a_page_costs_the_same_however_long_the_board(
    player: Player, played: UUID, database: Database, context: JobContext, world: World
) -> None:
    with count_statements(database.engine) as few:
        board(player, played)
    with database.transaction() as session:
        for number in range(150):
            person_id = ids.new_id()
            session.add(Person(id=person_id, name=f"职工{number}", created_at=clock.now(), updated_at=clock.now()))
            session.flush()
            session.add(
                QuizStanding(
                    person_id=person_id, quiz_id=played, enterprise_id=world.unions.bakery, score=60, levels_passed=1,
                    duration_ms=number, is_listed=True, updated_at=clock.now(),
                )
            )  # fmt: skip
    jobs.compute_boards(context)
    with count_statements(database.engine) as many:
        page = board(player, played)
    assert len(page["items"]) == 50
    assert len(few) == len(many) == 2  # who asks, and the page
    rest = board(player, played, f"limit=10&after={page['next']}")  # not as it is kept: from the rows
    assert [item["position"] for item in rest["items"]] == list(range(51, 61))
    assert board(player, played, f"after={page['next']}")["items"][:10] == rest["items"]


def test_a_page_is_sent_again_only_when_it_or_ones_own_place_has_changed(
    player: Player, player_of: Players, played: UUID, world: World, context: JobContext
) -> None:
    path = f"/api/v1/quizzes/{played}/leaderboard"
    first = player.phone.get(path).ok()
    assert first.headers["Cache-Control"] == "private, no-cache"

    def again(who: Player) -> int:
        return who.phone.call("GET", path, headers={"If-None-Match": first.headers["ETag"]}).status

    other = player_of(world.people.stranger)
    assert (again(player), again(other)) == (304, 200)  # the other one has another place
    other.phone.put(f"/api/v1/quizzes/{played}/listing", {"is_listed": False}).ok()
    assert again(player) == 200
    jobs.compute_boards(context)
    assert board(player, played)["items"] == first.json["items"][:2]


def test_who_is_forgotten_is_on_no_page(
    player: Player, player_of: Players, played: UUID, world: World, database: Database
) -> None:
    name, now = board(player, played)["items"][2]["label"], clock.now()
    with database.transaction() as session:
        erasure = Erasure(id=ids.new_id(), person_id=world.people.stranger.id, requested_at=now, due_at=now)
        session.add(erasure)
        session.flush()
        assert erase_person(session, erasure.id, now=now)
    assert name not in str(board(player, played))


def test_figures_count_each_attempt_once_and_show_the_hardest_questions(
    played: UUID, context: JobContext, database: Database, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    desk = desk_of(world.people.city_reviewer)
    assert "还没有数据" in desk.get("/console/quiz-figures").ok().text
    with database.transaction() as session:
        earlier = clock.now() - timedelta(minutes=5)
        session.execute(update(Attempt).values(graded_at=earlier))
    for _ in range(2):
        jobs.count_quiz_figures(context)
    with database.reading() as session:
        figures = session.query(QuestionFigure).all()
        assert sum(row.asked for row in figures) == 3 * QUESTIONS
        assert sum(row.right for row in figures) == 9
        assert sum(row.timed for row in figures) == 3 * QUESTIONS
    page = desk.get("/console/quiz-figures").ok().text
    assert "参加的人" in page
    assert "第 1 关" in page
    assert "各区市每天参加" in page


def test_the_workbook_holds_the_same_figures(
    played: UUID, context: JobContext, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    desk = desk_of(world.people.city_reviewer)
    assert desk.get("/console/quiz-figures.xlsx").status == 404
    jobs.count_quiz_figures(context)
    book = load_workbook(BytesIO(desk.get(f"/console/quiz-figures.xlsx?quiz={played}").ok().body))
    assert [row[1].value for row in book["总览"].iter_rows(min_row=2)] == [3, 0, 37.5 * 2]
    assert book["企业参与率"].max_row == 4  # heads, two enterprises, their sum
    by_day, in_all = (list(book[name].iter_rows(min_row=2, values_only=True)) for name in ("区市按天", "按区市"))
    assert [row[:2] for row in by_day] == [row[:2] for row in in_all]  # all on one day


def test_discrimination_is_the_correlation_of_a_right_answer_with_the_score() -> None:
    scores = [(100, True)] * 10 + [(0, False)] * 10
    right = [score for score, is_right in scores if is_right]
    figure = QuestionFigure(
        asked=20, right=10, scores=sum(score for score, _ in scores), scores_right=sum(right),
        scores_squared=sum(score * score for score, _ in scores),
    )  # fmt: skip
    assert discrimination(figure) == pytest.approx(1.0)
    figure.scores_right = 500
    assert discrimination(figure) == pytest.approx(0.0)
    figure.right = 20
    assert discrimination(figure) is None


def count(database: Database, quiz_id: UUID, before: dict[str, Any], after: timedelta) -> dict[str, Any]:
    """What a job counts so long after now that went on from `before`."""
    with database.reading() as session:
        return count_participation(session, quiz_id, 1, before, clock.now() + after)


def shown(counted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in counted.items() if name != KEPT}


def test_a_count_goes_on_from_the_one_before_and_tells_what_one_from_scratch_tells(
    played: UUID, player_of: Players, world: World, database: Database
) -> None:
    with database.transaction() as session:
        for row in session.query(Attempt):
            row.day, row.graded_at = row.day - timedelta(days=4), clock.now() - timedelta(days=4)
    continued = count(database, played, {}, timedelta(days=-1))
    player_of(world.people.worker).play(played, right=1)
    for _ in range(2):
        continued = count(database, played, continued, timedelta(minutes=5))
    assert shown(continued) == shown(count(database, played, {}, timedelta(minutes=5)))
    assert [(people, tries) for _, people, tries in continued["days"]] == [(3, 3), (1, 1)]
    assert [sum(numbers) for numbers in zip(*(days for _, days in continued["district_days"]), strict=True)] == [3, 1]
    assert [row[:3] for row in continued["levels"]] == [[1, 4, 2]]


def test_a_day_that_is_past_keeps_the_districts_where_people_were_bound_then(played: UUID, database: Database) -> None:
    before = count(database, played, {}, timedelta(minutes=5))
    after = count(database, played, before, timedelta(days=3))
    with database.transaction() as session:
        session.execute(update(QuizStanding).values(enterprise_id=None))
    after = count(database, played, after, timedelta(days=3))
    assert after["district_days"] == before["district_days"]
    assert after["districts"] == [["没有绑定企业", 3, 0]]
