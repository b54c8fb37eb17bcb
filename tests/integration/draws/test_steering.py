"""Nobody steers a draw: not by spelling, not by choosing between two values, not by moving what it rests on, not by
keeping quiet about people whose play is under suspicion."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm.attributes import flag_modified

from server.activities.quiz.attempts.models import Attempt, AttemptSignal
from server.activities.quiz.levels.models import Quiz
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.kit.draws.algorithm import hash_terms
from server.rewards.draws.jobs import freeze_lists
from server.rewards.draws.models import Draw, DrawStatus
from server.rewards.prizes.models import PrizePool, WinStatus
from tests.integration.draws.test_verify_draw import Run, run
from tests.integration.prizes.conftest import DRAW, POOL, VALUE, Giving
from tests.integration.quiz.conftest import MakeQuiz, Player, bank, let_time_pass, make_quiz, player, player_of
from tests.support.callers import Desk
from tests.support.pages import squeeze
from tests.support.world import Someone, World

__all__ = ["bank", "let_time_pass", "make_quiz", "player", "player_of", "run"]
PRIZES = (("手表", "draw", 1), ("水杯", "draw", 1))
AFTER_FIRST, AFTER_SECOND = "2026-12-04T02:00Z", "2026-12-10T10:00Z"


def frozen(giving: Giving) -> UUID:
    """A draw whose list is fixed."""
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.close()
    assert giving.send(f"/draws/{draw_id}/freeze").status == 303
    return draw_id


def file_of(giving: Giving, draw_id: UUID) -> Any:
    return giving.desk.get(f"/draws/{draw_id}/file").ok().json


@pytest.mark.parametrize(
    "spelt",
    ["11 03 07 19 23 30 08", "03,07,11,19,23,30,08", "3 7 11 19 23 30 8", "03 07 11 19 23 30 + 08",
     "03 03 11 19 23 30 08", "03 07 11 19 23 34 08", "03 07 11 19 23 30", "期号 2026140"],
)  # fmt: skip
def test_a_value_has_one_spelling_and_every_other_one_is_refused(giving: Giving, spelt: str) -> None:
    draw_id = frozen(giving)
    giving.go_to("2026-12-03T14:00Z")
    refused = giving.send(f"/draws/{draw_id}/value", value=spelt)
    assert refused.status == 422
    assert "03 07 11 19 23 30 08" in refused.text
    assert giving.draw(draw_id).status is DrawStatus.FROZEN


def test_wide_digits_of_a_chinese_keyboard_are_the_same_value(giving: Giving) -> None:
    draw_id = frozen(giving)
    giving.go_to("2026-12-03T14:00Z")
    assert giving.send(f"/draws/{draw_id}/value", value="０３　０７ 11 19 23 30 ０８").status == 303
    assert giving.draw(draw_id).value == VALUE


def test_the_spelling_is_part_of_the_promise_and_the_script_holds_it(giving: Giving, run: Run) -> None:
    draw_id = giving.drawn(giving.pool(*PRIZES))
    file = file_of(giving, draw_id)
    assert file["terms"]["public_value_form"]["pattern"]
    assert run(file).returncode == 0
    file["public_value"] = "11 03 07 19 23 30 08"
    done = run(file)
    assert done.returncode == 1
    assert "错  公开数值的写法" in done.stdout


def test_once_the_first_value_is_out_the_fallback_is_no_choice_any_more(giving: Giving) -> None:
    draw_id = frozen(giving)
    giving.go_to(AFTER_SECOND)
    assert giving.send(f"/draws/{draw_id}/value", value="3312.45").status == 422
    assert giving.send(f"/draws/{draw_id}/value/missing").status == 409
    assert giving.send(f"/draws/{draw_id}/value", value=VALUE).status == 303


def test_the_fallback_counts_after_two_people_declared_in_time_that_the_first_never_came(
    giving: Giving, run: Run
) -> None:
    draw_id = frozen(giving)
    assert giving.send(f"/draws/{draw_id}/value/missing").status == 409  # its day is not over
    giving.go_to(AFTER_FIRST)
    assert giving.send(f"/draws/{draw_id}/value/missing").status == 303
    assert giving.send(f"/draws/{draw_id}/value/missing").status == 403
    assert giving.send_second(f"/draws/{draw_id}/value/missing").status == 303
    assert giving.send(f"/draws/{draw_id}/value", value=VALUE).status == 409  # settled: only the fallback, not out yet
    with giving.database.reading() as session:
        draw = session.get_one(Draw, draw_id)
    page = giving.desk.get(f"/console/prizes/{draw.pool_id}/draw").ok().text
    assert f"{draw.fallback_on} 起" in page
    assert f"{draw.due_on} 起" not in page
    giving.go_to(AFTER_SECOND)
    assert giving.send(f"/draws/{draw_id}/value", value=VALUE).status == 422
    assert giving.send(f"/draws/{draw_id}/value", value="3312.45").status == 303
    assert giving.send_second(f"/draws/{draw_id}/value/confirm", value="3312.45").status == 303
    file = file_of(giving, draw_id)
    assert run(file).returncode == 0
    file["first_value_declared_missing_at"] = "2026-12-10T09:00:00+00:00"
    assert run(file).returncode == 1


def test_what_one_declared_missing_and_then_came_counts(giving: Giving) -> None:
    draw_id = frozen(giving)
    giving.go_to(AFTER_FIRST)
    assert giving.send(f"/draws/{draw_id}/value/missing").status == 303
    assert giving.send_second(f"/draws/{draw_id}/value", value=VALUE).status == 303
    assert giving.send(f"/draws/{draw_id}/value/confirm", value=VALUE).status == 303
    assert giving.draw(draw_id).is_fallback is False


def test_two_people_have_days_to_declare_before_the_fallback_is_out(giving: Giving) -> None:
    pool_id = giving.pool(*PRIZES)
    assert giving.send(f"/prizes/{pool_id}/draw", **{**DRAW, "fallback_on": "2026-12-05"}).status == 422


def test_a_draw_from_before_spellings_were_promised_goes_on_and_stays_verifiable(
    giving: Giving, database: Database, run: Run
) -> None:
    draw_id = giving.promised(giving.pool(*PRIZES))
    with database.transaction() as session:
        draw = session.get_one(Draw, draw_id)
        draw.terms = {key: value for key, value in draw.terms.items() if not key.endswith("_form")}
        draw.terms_hash = hash_terms(draw.terms)
        flag_modified(draw, "terms")
    giving.close()
    assert giving.send(f"/draws/{draw_id}/freeze").status == 303
    giving.go_to("2026-12-03T14:00Z")
    assert giving.send(f"/draws/{draw_id}/value", value="03 07 11 + 08").status == 303
    assert giving.send_second(f"/draws/{draw_id}/value/confirm", value="03 07 11 + 08").status == 303
    file = file_of(giving, draw_id)
    del file["frozen_at"]
    done = run(file)
    assert done.returncode == 0
    assert "早期的公布没有约定写法" in done.stdout


def test_people_under_suspicion_are_judged_or_let_through_by_name_before_the_list_stands(
    giving: Giving, context: JobContext, world: World
) -> None:
    giving.contest.doubted = [world.people.worker.id]
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.close()
    freeze_lists(context)
    assert giving.draw(draw_id).status is DrawStatus.COMMITTED
    page = giving.desk.get(f"/console/prizes/{giving.draw(draw_id).pool_id}/draw").ok().text
    assert "职* 1 人的答题有异常" in squeeze(page)
    assert giving.send(f"/draws/{draw_id}/freeze").status == 409
    assert giving.send(f"/draws/{draw_id}/freeze", waiver="班组长在场看着他答的").status == 303
    assert "班组长在场看着他答的" in giving.desk.get(f"/draws/{draw_id}").ok().text
    assert file_of(giving, draw_id)["waived"] == {"people": 1, "reason": "班组长在场看着他答的"}


def test_suspicion_about_who_would_not_be_on_the_list_holds_nothing_up(
    giving: Giving, context: JobContext, world: World
) -> None:
    giving.contest.finishers.remove(world.people.stranger.id)
    giving.contest.doubted = [world.people.stranger.id]
    draw_id = giving.promised(giving.pool(*PRIZES))
    giving.close()
    freeze_lists(context)
    assert giving.draw(draw_id).status is DrawStatus.FROZEN


def test_no_place_by_ranking_is_given_to_somebody_nobody_judged(giving: Giving, world: World) -> None:
    giving.contest.doubted = [world.people.colleague.id]
    pool_id = giving.pool(("冠军奖", "ranking", 1))
    giving.close()
    assert "职* 1 人的答题有异常" in squeeze(giving.desk.get(f"/console/prizes/{pool_id}").ok().text)
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 409
    assert giving.send(f"/prizes/{pool_id}/ranking", waiver="看过录像").status == 303
    assert giving.wins(pool_id)[0].status is WinStatus.OFFERED


def test_a_flagged_attempt_at_a_true_quiz_waits_for_a_verdict(
    giving: Giving, make_quiz: MakeQuiz, player: Player, database: Database
) -> None:
    quiz_id = make_quiz(1)
    player.play(quiz_id)  # in no time at all: flagged
    assert giving.send("/prizes", **{**POOL, "contest_id": str(quiz_id)}).status == 303
    pool_id = giving_pool(giving, quiz_id)
    assert giving.send(f"/prizes/{pool_id}/prizes", name="水杯", way="ranking", quantity="1").status == 303
    with database.transaction() as session:
        quiz = session.get_one(Quiz, quiz_id)
        quiz.closes_at, quiz.opens_at = quiz.opens_at, quiz.opens_at - timedelta(days=1)
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 409
    with database.transaction() as session:
        session.execute(update(AttemptSignal).values(verdict="dismissed", judged_at=quiz.opens_at))
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 303


def test_a_device_that_many_played_on_minutes_before_the_close_is_judged_before_anything_is_given(
    giving: Giving, make_quiz: MakeQuiz, player_of: Callable[[Someone], Player], world: World, database: Database
) -> None:
    """The job that looks for shared devices comes round every ten minutes; it has not been here."""
    quiz_id, people = make_quiz(1, seconds=7200), world.people
    for who in (people.worker, people.colleague, people.stranger, people.newcomer):
        player_of(who).play(quiz_id, right=3)
    assert giving.send("/prizes", **{**POOL, "contest_id": str(quiz_id)}).status == 303
    pool_id = giving_pool(giving, quiz_id)
    assert giving.send(f"/prizes/{pool_id}/prizes", name="水杯", way="ranking", quantity="1").status == 303
    play_also(database, people.city_reviewer.id)
    with database.transaction() as session:
        quiz = session.get_one(Quiz, quiz_id)
        quiz.closes_at, quiz.opens_at = quiz.opens_at, quiz.opens_at - timedelta(days=1)
    refused = giving.send(f"/prizes/{pool_id}/ranking")
    assert refused.status == 409
    assert "人的答题有异常" in refused.text
    giving.go_to("2026-11-27T02:00Z")  # days later it is the same
    assert giving.send(f"/prizes/{pool_id}/ranking").status == 409
    assert giving.send(f"/prizes/{pool_id}/ranking", waiver="现场一台平板轮流答题").status == 303


def play_also(database: Database, person_id: UUID) -> None:
    """For the count of people on a device, one more than the phones of the world."""
    with database.transaction() as session:
        like = session.scalars(select(Attempt).limit(1)).one()
        session.add(
            Attempt(
                id=UUID(int=7), person_id=person_id, quiz_id=like.quiz_id, level=1, try_number=1, day=like.day,
                status=like.status, started_at=like.started_at, deadline_at=like.deadline_at, option_counts="4",
                is_multiple="s", answers={}, device=like.device, graded_at=like.graded_at, score=0, right=0,
                duration_ms=1, has_passed=False,
            )
        )  # fmt: skip


def giving_pool(giving: Giving, contest_id: UUID) -> UUID:
    return giving.row(select(PrizePool).where(PrizePool.contest_id == contest_id)).id


def test_what_a_promised_draw_rests_on_cannot_be_moved(
    giving: Giving, make_quiz: MakeQuiz, desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    quiz_id = make_quiz(2)
    assert giving.send("/prizes", **{**POOL, "contest_id": str(quiz_id)}).status == 303
    pool_id = giving_pool(giving, quiz_id)
    assert giving.send(f"/prizes/{pool_id}/prizes", name="水杯", way="draw", quantity="1").status == 303
    draw_id = giving.promised(pool_id)
    with database.reading() as session:
        quiz = session.get_one(Quiz, quiz_id)
    same = {
        "name": quiz.name, "opens_at": quiz.opens_at.isoformat(), "closes_at": quiz.closes_at.isoformat(),
        "opening": quiz.opening.value, "rules": "",
    }  # fmt: skip
    later = (quiz.closes_at + timedelta(days=1)).isoformat()
    level = {
        "name": "第 1 关", "seconds": "90", "pass_mark": "1", "tries_per_day": "9", "quota-0-topic": "",
        "quota-0-difficulty": "", "quota-0-kind": "", "quota-0-count": "3",
    }  # fmt: skip
    for path, fields in (
        ("edit", {**same, "closes_at": later}),
        ("edit", {**same, "rules": "写清楚些"}),
        ("levels/1", level),
        ("levels/add", {}),
    ):
        refused = giving.send(f"/quizzes/{quiz_id}/{path}", **fields, version=str(quiz.version))
        assert refused.status == 409, path
        assert "已经公布了抽奖" in refused.text
    page = desk_of(world.people.admin).get(f"/console/quizzes/{quiz_id}").ok().text
    assert "已经公布了抽奖，时间、关卡和规则都不能再改" in page
    assert "/edit" not in page
    assert giving.send(f"/draws/{draw_id}/cancel", reason="写错了").status == 303
    moved = giving.send(f"/quizzes/{quiz_id}/edit", **{**same, "closes_at": later}, version=str(quiz.version))
    assert moved.status == 303


def test_a_quiz_whose_ranking_was_rewarded_is_not_opened_again(
    giving: Giving, make_quiz: MakeQuiz, database: Database
) -> None:
    quiz_id = make_quiz(1)
    assert giving.send("/prizes", **{**POOL, "contest_id": str(quiz_id)}).status == 303
    with database.transaction() as session:
        moment = session.get_one(Quiz, quiz_id).opens_at
        session.execute(update(PrizePool).values(ranked_at=moment, locked_at=moment))
    with database.reading() as session:
        version = session.get_one(Quiz, quiz_id).version
    refused = giving.send(f"/quizzes/{quiz_id}/levels/add", version=str(version))
    assert refused.status == 409
    assert "已经按名次评出了奖品" in refused.text
