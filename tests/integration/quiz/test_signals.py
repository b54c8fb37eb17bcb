"""Signals of programs: flagged, judged by a person, and what a verdict does."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from server.activities.quiz.attempts.jobs import find_shared_devices
from server.activities.quiz.attempts.models import Attempt, AttemptSignal, SignalKind
from server.activities.quiz.attempts.signals.thresholds import find_signals
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.jobs.registry import JobContext
from tests.integration.quiz.conftest import MakeQuiz, Player
from tests.support.callers import Desk
from tests.support.world import Someone, World

PATH = "/console/quiz-signals"


def signals(database: Database) -> list[AttemptSignal]:
    with database.reading() as session:
        return list(session.scalars(select(AttemptSignal).order_by(AttemptSignal.id)))


def test_a_faultless_paper_in_no_time_is_flagged_and_still_counts(
    player: Player, make_quiz: MakeQuiz, database: Database
) -> None:
    result = player.play(make_quiz())
    assert [signal.kind for signal in signals(database)] == [SignalKind.TOO_FAST]
    assert result["is_best"]


def test_void_by_verdict_an_attempt_counts_no_more_and_the_next_best_does(
    player: Player, make_quiz: MakeQuiz, desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    quiz_id = make_quiz()
    player.play(quiz_id, right=3)
    player.play(quiz_id, right=4)
    desk = desk_of(world.people.city_reviewer)
    assert "1 次异常答题要判断" in desk.get("/console/").ok().text
    assert "异常答题" not in desk_of(world.people.district_reviewer).get("/console/").ok().text
    assert "答得太快" in desk.get(PATH).ok().text
    signal = signals(database)[-1]
    assert desk.post(f"{PATH}/{signal.id}", {"verdict": "confirmed", "reason": "x"}, form=PATH).status == 422
    body = {"verdict": "confirmed", "reason": "一秒一题"}
    assert desk.post(f"{PATH}/{signal.id}", body, form=PATH).status == 303
    assert desk.post(f"{PATH}/{signal.id}", body, form=PATH).status == 409
    mine = player.map(quiz_id)
    assert (mine["score"], mine["levels"][0]["best_score"], mine["levels"][0]["status"]) == (75, 75, "passed")
    assert "一秒一题" in desk.get(f"{PATH}?judged=done").ok().text


def test_dismissed_nothing_changes(
    player: Player, make_quiz: MakeQuiz, desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    quiz_id = make_quiz()
    player.play(quiz_id)
    desk = desk_of(world.people.city_reviewer)
    body = {"verdict": "dismissed", "reason": "现场看着他答的"}
    assert desk.post(f"{PATH}/{signals(database)[0].id}", body, form=PATH).status == 303
    assert player.map(quiz_id)["score"] == 100
    assert "没有异常" in desk.get(PATH).ok().text


def test_many_people_on_one_device_are_flagged_once(
    player_of: Callable[[Someone], Player], make_quiz: MakeQuiz, world: World, context: JobContext, database: Database
) -> None:
    quiz_id, people = make_quiz(seconds=7200), world.people
    for who in (people.worker, people.colleague, people.stranger, people.newcomer):
        player_of(who).play(quiz_id, right=3)
    find_shared_devices(context)
    assert SignalKind.SHARED_DEVICE not in {signal.kind for signal in signals(database)}
    with database.transaction() as session:  # one of them is, for the count, a fifth person
        extra = session.scalars(select(Attempt).limit(1)).one()
        session.add(
            Attempt(
                id=UUID(int=7), person_id=people.city_reviewer.id, quiz_id=quiz_id, level=1, try_number=1,
                day=extra.day,
                status=extra.status, started_at=extra.started_at, deadline_at=extra.deadline_at, option_counts="4",
                is_multiple="s", answers={}, device=extra.device, graded_at=extra.graded_at, score=0, right=0,
                duration_ms=1, has_passed=False,
            )
        )  # fmt: skip
    for _ in range(2):
        find_shared_devices(context)
    shared = [signal for signal in signals(database) if signal.kind is SignalKind.SHARED_DEVICE]
    assert len(shared) == 4


@pytest.mark.parametrize(("pause", "expected"), [(900, True), (None, False)], ids=["a clock", "a person"])
def test_an_even_pace_is_a_programs(pause: int | None, expected: bool) -> None:
    uneven = [0, 700, 2600, 3100, 6000, 6400, 9900, 11000, 15000]
    moments = [pause * n for n in range(9)] if pause else uneven
    answers = {str(place): [1, moment] for place, moment in enumerate(moments)}
    kinds = {kind for kind, _ in find_signals(answers, 9, 50, 60_000)}
    assert (SignalKind.EVEN_PACE in kinds) is expected


def test_districts_do_not_judge(desk_of: Callable[[Someone], Desk], world: World, database: Database) -> None:
    assert desk_of(world.people.district_reviewer).get(PATH).status == 403
    with database.transaction() as session:
        session.execute(update(Attempt).values(device=""))


def test_what_is_alike_is_judged_at_once_and_each_verdict_is_on_record(
    player: Player, make_quiz: MakeQuiz, desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    quiz_id = make_quiz()
    player.play(quiz_id, right=4)
    player.play(quiz_id, right=4)
    desk, found = desk_of(world.people.city_reviewer), [str(signal.id) for signal in signals(database)]
    body: dict[str, str | list[str]] = {"verdict": "confirmed", "reason": "一秒一题", "picked": found}
    assert desk.post(f"{PATH}/picked", {**body, "picked": []}, form=PATH).status == 422
    assert desk.post(f"{PATH}/picked", body, form=PATH).status == 303
    assert "已记录 2 条，这些成绩作废。" in desk.get(PATH).ok().text
    assert player.map(quiz_id)["score"] == 0
    assert desk.post(f"{PATH}/picked", body, form="/console/").status == 303
    assert "没有处理 2：别人已经判断过了（2）" in desk.get(PATH).ok().text
    with database.reading() as session:
        judged = select(func.count()).where(AuditEntry.action == "quiz.signal_judged")
        assert session.scalar(judged) == 2


def test_all_that_the_filters_show_is_judged_at_once(
    player: Player, make_quiz: MakeQuiz, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    player.play(make_quiz(), right=4)
    desk, body = desk_of(world.people.city_reviewer), {"verdict": "dismissed", "reason": "问过了", "whole_list": "1"}
    assert desk.post(f"{PATH}/picked?kind=shared_device", body, form=PATH).status == 422
    answer = desk.post(f"{PATH}/picked?kind=too_fast", body)
    assert answer.headers["Location"] == f"{PATH}?kind=too_fast"
    assert "已记录 1 条，成绩保留。" in desk.get(PATH).ok().text
