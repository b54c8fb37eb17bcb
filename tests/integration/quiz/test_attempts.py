"""Attempts through the public door: drawn, timed, saved and graded by the server alone."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from server.activities.quiz.attempts.answering import papers, submitting
from server.activities.quiz.attempts.answering.saving import save_answer
from server.activities.quiz.attempts.jobs import grade_overdue_attempts
from server.activities.quiz.attempts.models import Attempt, QuizBest, QuizPaper, QuizStanding
from server.activities.quiz.levels.models import Opening
from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.unions.campaigns.models import Campaign
from tests.integration.quiz.conftest import MakeQuiz, Player
from tests.support.callers import Phone
from tests.support.counting import count_statements
from tests.support.quizzes import QUESTIONS, TRIES
from tests.support.world import Someone, World

Shift = Callable[[dict[str, Any], timedelta], None]


def cost(statements: list[str]) -> int:
    """Statements but for those that begin a transaction."""
    return sum(not each.startswith("BEGIN") for each in statements)


def test_a_paper_is_drawn_without_its_answers(player: Player, make_quiz: MakeQuiz) -> None:
    attempt = player.begin(make_quiz())
    assert len(attempt["questions"]) == QUESTIONS
    assert set(attempt["questions"][0]) == {"position", "kind", "stem", "options", "chosen"}
    assert not any(word in json.dumps(attempt) for word in ("explanation", "answer", "right", "version"))


def test_a_faultless_paper_passes_the_level_and_opens_the_next(player: Player, make_quiz: MakeQuiz) -> None:
    quiz_id = make_quiz()
    assert player.levels(quiz_id) == ["open", "locked"]
    result = player.play(quiz_id)
    assert (result["score"], result["passed"], result["is_best"], result["tries_left"]) == (100, True, True, TRIES - 1)
    assert result["learn"] == []
    assert all(question["is_right"] for question in result["questions"])
    assert player.levels(quiz_id) == ["passed", "open"]


def test_what_was_wrong_is_explained_with_its_article(player: Player, make_quiz: MakeQuiz) -> None:
    result = player.play(make_quiz(), right=1)
    assert (result["score"], result["right"], result["passed"]) == (25, 1, False)
    wrong = next(question for question in result["questions"] if not question["is_right"])
    assert wrong["explanation"]
    assert wrong["article"].startswith("第")
    assert wrong["chosen"] != wrong["right"]
    assert sum(topic["wrong"] for topic in result["learn"]) == QUESTIONS - 1


def test_the_best_try_counts_and_all_levels_add_up(player: Player, make_quiz: MakeQuiz) -> None:
    quiz_id = make_quiz()
    assert player.play(quiz_id, right=3)["score"] == 75
    assert player.play(quiz_id, right=1)["is_best"] is False
    assert player.play(quiz_id, 2)["quiz_finished"] is True
    mine = player.map(quiz_id)
    assert (mine["score"], [level["best_score"] for level in mine["levels"]]) == (175, [75, 100])
    assert mine["finished_at"] is not None
    listed = player.phone.get("/api/v1/quizzes").ok().json["items"][0]
    assert (listed["levels_passed"], listed["levels_total"], listed["score"]) == (2, 2, 175)


def test_a_level_ahead_is_locked(player: Player, make_quiz: MakeQuiz) -> None:
    answer = player.start(make_quiz(), 2)
    assert (answer.status, answer.code) == (403, "level_locked")


def test_levels_by_day_open_on_their_day_whatever_was_passed(player: Player, make_quiz: MakeQuiz) -> None:
    now = clock.now()
    quiz_id = make_quiz(
        opening=Opening.BY_DAY, level_opens_at=[now - timedelta(hours=1), now + timedelta(days=1)]
    )  # fmt: skip
    assert player.levels(quiz_id) == ["open", "locked"]
    assert player.map(quiz_id)["levels"][1]["opens_on"] is not None
    player.play(quiz_id)
    assert player.start(quiz_id, 2).code == "level_locked"


@pytest.mark.parametrize(
    ("starts", "closes", "status"),
    [(timedelta(hours=1), timedelta(days=1), "coming"), (timedelta(days=-2), timedelta(hours=-1), "closed")],
)
def test_nothing_starts_outside_of_the_contests_time(
    player: Player, make_quiz: MakeQuiz, starts: timedelta, closes: timedelta, status: str
) -> None:
    quiz_id = make_quiz(starts=starts, closes_at=clock.now() + closes)
    assert player.map(quiz_id)["status"] == status
    assert player.start(quiz_id).code == "quiz_not_open"


def test_nothing_starts_in_a_campaign_that_another_process_archived(
    player: Player, make_quiz: MakeQuiz, database: Database
) -> None:
    quiz_id = make_quiz()
    player.start(quiz_id, level=2)  # locked, and the quiz is known here from now on
    with database.transaction() as session:
        session.execute(update(Campaign).values(archived_at=clock.now()))
    refused = player.start(quiz_id)
    assert (refused.status, refused.code) == (403, "quiz_not_open")


def test_the_same_start_sent_again_uses_no_other_try(
    player: Player, make_quiz: MakeQuiz, player_of: Callable[[Someone], Player], world: World
) -> None:
    quiz_id, attempt_id = make_quiz(), ids.new_id()
    first = player.start(quiz_id, attempt_id=attempt_id)
    again = player.start(quiz_id, attempt_id=attempt_id)
    assert (first.status, again.status) == (201, 200)
    assert again.json["questions"] == first.json["questions"]
    assert player.map(quiz_id)["levels"][0]["tries_left"] == TRIES - 1
    assert player_of(world.people.colleague).start(quiz_id, attempt_id=attempt_id).code == "content_differs"
    assert player.start(quiz_id, attempt_id=uuid4()).status == 422


def test_one_attempt_at_a_level_at_a_time(player: Player, make_quiz: MakeQuiz) -> None:
    quiz_id = make_quiz()
    attempt = player.begin(quiz_id)
    assert player.start(quiz_id).code == "attempt_running"
    assert player.map(quiz_id)["levels"][0]["running_attempt_id"] == attempt["id"]


def test_tries_end_with_the_day(player: Player, make_quiz: MakeQuiz, database: Database) -> None:
    quiz_id = make_quiz()
    for _ in range(TRIES):
        player.play(quiz_id, right=0)
    answer = player.start(quiz_id)
    assert (answer.status, answer.code) == (429, "tries_used_up")
    with database.transaction() as session:
        session.execute(update(Attempt).values(day=Attempt.day - timedelta(days=1)))
    assert player.start(quiz_id).status == 201


def test_fifty_starts_at_once_never_pass_the_limit(
    phone_of: Callable[[Someone], Phone], make_quiz: MakeQuiz, world: World, database: Database
) -> None:
    quiz_id = make_quiz()
    players = [Player(phone_of(world.people.worker), database) for _ in range(10)]

    def rush(number: int) -> int:
        player = players[number % 10]
        answer = player.start(quiz_id)
        if answer.status == 201:
            player.submit(answer.json)
        return answer.status

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(rush, range(50)))
    assert set(statuses) <= {201, 409, 429}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == statuses.count(201) <= TRIES
        assert session.scalar(select(func.max(Attempt.try_number))) == statuses.count(201)


def test_an_answer_is_saved_changed_taken_back_and_found_on_another_phone(
    player: Player, make_quiz: MakeQuiz, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    attempt = player.begin(make_quiz())
    assert player.answer(attempt, 0, [1]).ok().json["answered"] == 1
    assert player.answer(attempt, 0, [0]).ok().json["answered"] == 1
    player.answer(attempt, 1, [1]).ok()
    assert player.answer(attempt, 1, []).ok().json["answered"] == 1
    other = phone_of(world.people.worker)
    resumed = other.get(f"/api/v1/quiz/attempts/{attempt['id']}").ok().json
    assert [question["chosen"] for question in resumed["questions"][:2]] == [[0], []]
    assert resumed["deadline_at"] == attempt["deadline_at"]


@pytest.mark.parametrize(
    ("position", "chosen", "status", "code"),
    [
        (99, [0], 422, "unknown_question"),
        (QUESTIONS, [0], 422, "unknown_question"),
        (0, [7], 422, "unknown_option"),
        (0, [8], 422, "invalid"),
        (0, [-1], 422, "invalid"),
    ],
)
def test_what_was_not_asked_is_refused_and_changes_nothing(
    player: Player, make_quiz: MakeQuiz, position: int, chosen: list[int], status: int, code: str
) -> None:
    attempt = player.begin(make_quiz())
    answer = player.answer(attempt, position, chosen)
    assert (answer.status, answer.code) == (status, code)
    resumed = player.phone.get(f"/api/v1/quiz/attempts/{attempt['id']}").json
    assert all(question["chosen"] == [] for question in resumed["questions"])


def test_two_options_of_a_single_choice_are_refused(player: Player, make_quiz: MakeQuiz, database: Database) -> None:
    attempt = player.begin(make_quiz())
    with database.transaction() as session:
        session.execute(update(Attempt).values(is_multiple="smms"))
    assert player.answer(attempt, 0, [0, 1]).code == "unknown_option"
    assert player.answer(attempt, 1, [0, 1]).status == 200
    assert player.submit(attempt, {"position": 3, "chosen": [0, 1]}).code == "unknown_option"


def test_another_persons_attempt_does_not_exist(
    player: Player, make_quiz: MakeQuiz, player_of: Callable[[Someone], Player], world: World
) -> None:
    attempt = player.begin(make_quiz())
    other = player_of(world.people.colleague)
    path = f"/api/v1/quiz/attempts/{attempt['id']}"
    answers = [
        other.phone.get(path),
        other.phone.get(f"{path}/result"),
        other.answer(attempt, 0, [0]),
        other.submit(attempt),
    ]
    assert [answer.code for answer in answers] == ["attempt_not_found"] * 4
    assert player.phone.get(path).json["status"] == "running"


def test_after_the_deadline_what_arrived_in_time_counts(
    player: Player, make_quiz: MakeQuiz, let_time_pass: Shift
) -> None:
    attempt = player.begin(make_quiz())
    right = player.right(attempt)
    player.answer(attempt, 0, right[0]).ok()
    let_time_pass(attempt, timedelta(seconds=121))
    late = player.answer(attempt, 1, right[1])
    assert (late.status, late.code) == (409, "attempt_over")
    result = player.submit(attempt, {"position": 1, "chosen": right[1]}).ok().json
    assert (result["right"], result["duration_ms"]) == (1, 120_000)


def test_handing_in_again_gives_the_same_result_and_no_answer_changes_it(player: Player, make_quiz: MakeQuiz) -> None:
    attempt = player.begin(make_quiz())
    right = player.right(attempt)
    first = player.submit(attempt, {"position": 0, "chosen": right[0]}).ok().json
    assert first["right"] == 1
    assert player.answer(attempt, 1, right[1]).code == "attempt_over"
    again = player.submit(attempt, {"position": 1, "chosen": right[1]}).ok().json
    assert again == first
    assert player.phone.get(f"/api/v1/quiz/attempts/{attempt['id']}/result").ok().json == first


def test_handed_in_by_many_at_once_it_is_graded_once(
    phone_of: Callable[[Someone], Phone], make_quiz: MakeQuiz, world: World, database: Database
) -> None:
    players = [Player(phone_of(world.people.worker), database) for _ in range(6)]
    attempt = players[0].begin(make_quiz())
    for position, chosen in enumerate(players[0].right(attempt)):
        players[0].answer(attempt, position, chosen).ok()
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda player: player.submit(attempt).ok().json, players))
    assert all(result == results[0] for result in results)
    with database.reading() as session:
        assert session.scalars(select(QuizStanding.score)).one() == 100


def test_an_answer_saved_while_the_paper_is_graded_counts(
    player: Player, make_quiz: MakeQuiz, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is graded before the turn to write: what was read by then must still hold when the grade is written."""
    attempt = player.begin(make_quiz())
    right = player.right(attempt)
    grade, late, whose = papers.close_attempt, [right[0]], world.people.worker.id

    def grade_slowly(*arguments: Any) -> Any:
        marks = grade(*arguments)
        while late:
            save_answer(player.database, UUID(attempt["id"]), 0, late.pop(), person_id=whose, now=clock.now())
        return marks

    monkeypatch.setattr(submitting, "close_attempt", grade_slowly)
    assert player.submit(attempt).ok().json["right"] == 1
    with player.database.reading() as session:
        assert session.get_one(Attempt, UUID(attempt["id"])).right == 1
    assert player.answer(attempt, 1, right[1]).code == "attempt_over"


def test_nothing_is_told_of_the_result_while_it_runs(player: Player, make_quiz: MakeQuiz) -> None:
    attempt = player.begin(make_quiz())
    answer = player.phone.get(f"/api/v1/quiz/attempts/{attempt['id']}/result")
    assert (answer.status, answer.code) == (409, "attempt_running")


def test_what_nobody_hands_in_is_graded_by_the_sweep(
    player: Player, make_quiz: MakeQuiz, let_time_pass: Shift, context: JobContext
) -> None:
    quiz_id = make_quiz()
    attempt = player.begin(quiz_id)
    player.answer(attempt, 0, player.right(attempt)[0]).ok()
    let_time_pass(attempt, timedelta(minutes=5))
    grade_overdue_attempts(context)
    result = player.phone.get(f"/api/v1/quiz/attempts/{attempt['id']}/result").ok().json
    assert result["right"] == 1
    assert player.start(quiz_id).status == 201


def test_an_overdue_attempt_does_not_bar_the_next_start(
    player: Player, make_quiz: MakeQuiz, let_time_pass: Shift
) -> None:
    quiz_id = make_quiz()
    let_time_pass(player.begin(quiz_id), timedelta(minutes=5))
    assert player.start(quiz_id).status == 201


def test_two_levels_graded_at_once_both_count(
    phone_of: Callable[[Someone], Phone], make_quiz: MakeQuiz, world: World, database: Database
) -> None:
    hour = clock.now() - timedelta(hours=1)
    quiz_id = make_quiz(4, opening=Opening.BY_DAY, level_opens_at=[hour] * 4)
    players = [Player(phone_of(world.people.worker), database) for _ in range(4)]
    attempts = [player.begin(quiz_id, number) for number, player in enumerate(players, 1)]
    for player, attempt in zip(players, attempts, strict=True):
        for position, chosen in enumerate(player.right(attempt)):
            player.answer(attempt, position, chosen).ok()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: pair[0].submit(pair[1]).ok(), zip(players, attempts, strict=True)))
    with database.reading() as session:
        standing = session.scalars(select(QuizStanding)).one()
        bests = session.scalars(select(QuizBest.score)).all()
    assert (standing.score, standing.levels_passed, sum(bests)) == (400, 4, 400)
    assert standing.finished_at is not None


def test_what_was_wrong_goes_into_practice(player: Player, make_quiz: MakeQuiz, run_jobs: Callable[..., int]) -> None:
    player.play(make_quiz(), right=1)
    run_jobs()
    assert player.phone.get("/api/v1/quiz/practice").json["due"] == QUESTIONS - 1


def test_a_result_tells_nothing_of_a_question_that_another_running_paper_asks(
    player: Player, make_quiz: MakeQuiz, database: Database
) -> None:
    quiz_id, other_quiz_id = make_quiz(), make_quiz()
    first, second = player.begin(quiz_id), player.begin(other_quiz_id)
    with database.transaction() as session:  # two papers that share their first question
        mine, other = (session.get_one(QuizPaper, UUID(each["id"])) for each in (first, second))
        other.questions = [mine.questions[0], *other.questions[1:]]
    asked = {
        question["stem"] for question in player.phone.get(f"/api/v1/quiz/attempts/{second['id']}").json["questions"]
    }
    assert first["questions"][0]["stem"] in asked
    for told in (
        player.submit(first),
        player.submit(first),
        player.phone.get(f"/api/v1/quiz/attempts/{first['id']}/result"),
    ):
        assert not asked & {question["stem"] for question in told.ok().json["questions"]}
        assert told.json["total"] == QUESTIONS
    player.submit(second).ok()
    told = player.phone.get(f"/api/v1/quiz/attempts/{first['id']}/result")
    assert len(told.json["questions"]) == QUESTIONS


def test_the_hot_requests_cost_few_statements(player: Player, make_quiz: MakeQuiz, database: Database) -> None:
    quiz_id = make_quiz()
    player.play(quiz_id, right=QUESTIONS)
    with count_statements(database.engine) as starting:
        attempt = player.begin(quiz_id)
    right = player.right(attempt)
    with count_statements(database.engine) as answering:
        player.answer(attempt, 0, right[0]).ok()
    with count_statements(database.engine) as submitting:
        player.submit(attempt).ok()
    costs = [
        len([each for each in found if not each.startswith(("BEGIN", "PRAGMA"))])
        for found in (starting, answering, submitting)
    ]
    assert costs[1] <= 2, answering
    assert costs[0] <= 5, starting  # 4 on PostgreSQL; each with one for words that nobody has asked yet
    assert costs[2] <= 6, submitting  # 5 on PostgreSQL, where the grade and the standing are one


def test_an_unknown_quiz_or_level_is_not_found(player: Player, make_quiz: MakeQuiz) -> None:
    assert player.start(uuid4()).code == "quiz_not_found"
    assert player.start(make_quiz(), 9).code == "level_not_found"
