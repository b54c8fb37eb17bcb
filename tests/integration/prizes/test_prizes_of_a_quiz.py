"""Rewards of a true quiz: certificates for who passes, a list that waits for the last paper, prizes in the order of the
leaderboard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from server.activities.quiz.attempts.jobs import grade_overdue_attempts
from server.activities.quiz.levels.models import Quiz
from server.core import clock, ids
from server.core.clock import day_of
from server.core.db import Database
from server.core.errors import Conflict
from server.core.jobs.registry import JobContext
from server.kit.workflow import perform
from server.rewards.draws.actions import commit_draw
from server.rewards.draws.models import DrawMove
from server.rewards.draws.schemas import DrawIn, FreezeIn
from server.rewards.draws.workflow import DRAWS
from server.rewards.prizes.actions import add_prize, award_ranking, create_pool
from server.rewards.prizes.models import Way
from server.rewards.prizes.schemas import PoolIn, PrizeIn
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.quiz.conftest import MakeQuiz, Player, bank, let_time_pass, make_quiz, player, player_of
from tests.support.world import Someone, World

__all__ = ["bank", "let_time_pass", "make_quiz", "player", "player_of"]


@pytest.fixture
def city(world: World) -> Actor:
    """The city's reviewer."""
    held = RoleAt(Role.CITY_REVIEWER, world.unions.city, Level.CITY, "市总工会")
    return Actor(world.people.city_reviewer.id, None, ids.new_id(), None, (held,))


def pool_of(database: Database, quiz_id: UUID, city: Actor, way: Way) -> UUID:
    """A pool with one prize."""
    now = clock.now()
    with database.transaction() as session:
        pool = create_pool(session, PoolIn(contest_id=quiz_id, name="奖品"), actor=city, now=now)
        add_prize(session, pool.id, PrizeIn(name="水杯", way=way, quantity=1), actor=city, now=now)
        return pool.id


def test_the_list_waits_for_the_last_paper_and_holds_who_passed_with_it(
    make_quiz: MakeQuiz, player: Player, player_of: Callable[[Someone], Player], world: World, database: Database,
    city: Actor, context: JobContext, let_time_pass: Callable[[dict[str, Any], timedelta], None],
) -> None:  # fmt: skip
    quiz_id = make_quiz(1)
    pool_id = pool_of(database, quiz_id, city, Way.DRAW)
    with database.transaction() as session:
        closes_at = session.get_one(Quiz, quiz_id).closes_at
        due_on = day_of(closes_at) + timedelta(days=1)
        form = DrawIn(
            name="抽奖", source="某期开奖号码", due_on=due_on, fallback_source="某日收盘指数",
            fallback_on=due_on + timedelta(days=5), value_form="digits3", fallback_form="digits5",
        )  # fmt: skip
        draw_id = commit_draw(session, pool_id, form, actor=city, now=clock.now()).id
    player.play(quiz_id)
    late = player_of(world.people.stranger)
    attempt = late.begin(quiz_id)
    for position, right in enumerate(late.right(attempt)):
        late.answer(attempt, position, right).ok()
    let_time_pass(attempt, timedelta(hours=1))  # never handed in
    after = closes_at + timedelta(seconds=1)
    with pytest.raises(Conflict, match="还在判分"), database.transaction() as session:
        perform(DRAWS, session, draw_id, DrawMove.FREEZE, actor=None, now=after)
    grade_overdue_attempts(context)
    with database.transaction() as session:
        waiver = FreezeIn(waiver="核实过")  # tests play in no time: flagged
        perform(DRAWS, session, draw_id, DrawMove.FREEZE, actor=city, now=after, form=waiver)
    for who in (player, late):
        seen = who.phone.get(f"/api/v1/draws/{draw_id}").ok().json
        assert (seen["entrants"], seen["is_entered"], seen["my_entry"] is not None) == (2, True, True)


def test_passing_every_level_brings_a_certificate(make_quiz: MakeQuiz, player: Player) -> None:
    quiz_id = make_quiz(2)
    player.play(quiz_id, 1)
    assert player.phone.get(f"/api/v1/quizzes/{quiz_id}/certificate").status == 404
    player.play(quiz_id, 2)
    assert player.phone.get(f"/api/v1/quizzes/{quiz_id}/certificate").ok().json["code"]


def test_the_prize_by_ranking_goes_to_the_best(
    make_quiz: MakeQuiz, player: Player, player_of: Callable[[Someone], Player], world: World, database: Database,
    city: Actor,
) -> None:  # fmt: skip
    quiz_id = make_quiz(1)
    pool_id = pool_of(database, quiz_id, city, Way.RANKING)
    player.play(quiz_id, right=3)
    best = player_of(world.people.stranger)
    best.play(quiz_id)
    with database.transaction() as session:
        closes_at = session.get_one(Quiz, quiz_id).closes_at
        award_ranking(session, pool_id, actor=city, now=closes_at, waiver="核实过")
    (win,) = best.phone.get("/api/v1/prizes/wins").ok().json["items"]
    assert (win["prize_name"], win["contest_name"], win["way"]) == ("水杯", "闯关", "ranking")
    assert player.phone.get("/api/v1/prizes/wins").ok().json["items"] == []
