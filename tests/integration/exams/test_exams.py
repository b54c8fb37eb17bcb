"""A test on the phone after a session: who passed, stayed. Nothing of what is right is told before it is in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from time_machine import TimeMachineFixture

from server.activities.quiz.attempts.queries import list_asked_now
from server.activities.quiz.attempts.scores.grading import unpack
from server.activities.quiz.bank.queries import get_sheets
from server.core import ids
from server.core.db import Database
from server.oversight.exams import rules
from server.oversight.exams.models import Exam, ExamAttempt
from server.oversight.training.models import Attendance, ConfirmedBy
from server.unions.people.models import SameBy
from server.unions.people.selves.queries import note_same
from tests.integration.review.test_review_races import at_once
from tests.integration.training.test_sessions import DeskOf, PhoneOf, rows_of
from tests.support.callers import Answer, Desk, Phone
from tests.support.training import BEGINS, ENDS, code_on_screen, move, plan, send_code
from tests.support.world import World

OPEN = ENDS - timedelta(minutes=10)
RULE = {
    "version": "0", "count": "4", "minutes": "5", "pass_mark": "75", "tries": "2", "open_hours": "24",
    "is_required": "true",
}  # fmt: skip
API = "/api/v1/training"


def id_of(path: str) -> str:
    return path.rsplit("/", 1)[1]


def set_up(desk: Desk, path: str, **changes: str) -> Answer:
    return desk.post(f"/console/training-exams/{id_of(path)}", {**RULE, **changes}, form="/console/")


def start(phone: Phone, path: str, attempt_id: UUID | str | None = None) -> Answer:
    return phone.put(f"{API}/exam-attempts/{attempt_id or ids.new_id()}", {"session_id": id_of(path)})


def hand_in(phone: Phone, attempt_id: str, answers: list[dict[str, Any]]) -> Answer:
    return phone.post(f"{API}/exam-attempts/{attempt_id}/submission", {"answers": answers})


class Key:
    """What is right, for the test's sake."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def answers(self, attempt_id: str, right: int = 4) -> list[dict[str, Any]]:
        """So many right ones, and the rest wrong."""
        with self.database.reading() as session:
            asked = unpack(session.get_one(ExamAttempt, UUID(attempt_id)).questions)
            sheets = get_sheets(session, [each.version_id for each in asked])
        found = []
        for position, each in enumerate(asked):
            places = [shown for shown, at in enumerate(each.order) if at in sheets[each.version_id].answer]
            wrong = [next(place for place in range(len(each.order)) if [place] != places)]
            found.append({"position": position, "chosen": places if position < right else wrong})
        return found

    def play(self, phone: Phone, path: str, right: int = 4) -> dict[str, Any]:
        """A whole try."""
        attempt_id = start(phone, path).ok().json["id"]
        result: dict[str, Any] = hand_in(phone, attempt_id, self.answers(attempt_id, right)).ok().json
        return result


@pytest.fixture
def key(database: Database, bank: None) -> Key:
    return Key(database)


@pytest.fixture
def held(
    desk_of: DeskOf, phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture, bank: None
) -> tuple[Desk, str, Phone]:
    """A session with a test, near its end; the worker checked in."""
    time_machine.move_to(BEGINS, tick=False)
    desk, phone = desk_of(world.people.enterprise_reviewer), phone_of(world.people.worker)
    path = plan(desk, world.unions.shipyard)
    assert set_up(desk, path).status == 303
    move(desk, path, "start")
    send_code(phone, path, code_on_screen(desk, path)).ok()
    time_machine.move_to(OPEN, tick=False)
    return desk, path, phone


def test_who_passes_stayed_and_may_have_a_certificate(
    held: tuple[Desk, str, Phone], key: Key, world: World, database: Database, time_machine: TimeMachineFixture
) -> None:
    desk, path, phone = held
    assert phone.get(f"{API}/sessions/{id_of(path)}").ok().json["has_exam"] is True
    about = phone.get(f"{API}/sessions/{id_of(path)}/exam").ok().json
    assert (about["questions"], about["can_start"], about["tries_left"], about["note"]) == (4, True, 2, "")
    attempt_id = ids.new_id()
    begun = start(phone, path, attempt_id)
    assert (begun.status, start(phone, path, attempt_id).status) == (201, 200)  # its answer was lost: the same again
    assert set(begun.json["questions"][0]) == {"position", "kind", "stem", "options", "chosen"}
    asked = f"{API}/exam-attempts/{attempt_id}"
    assert phone.get(f"{asked}/result").code == "attempt_running"
    with database.reading() as session:  # practice and the results of the quiz say nothing of them meanwhile
        assert len(list_asked_now(session, world.people.worker.id, OPEN)) == 4
        assert list_asked_now(session, world.people.colleague.id, OPEN) == frozenset()
    first, *rest = key.answers(str(attempt_id))
    assert phone.put(f"{asked}/answers/0", {"chosen": first["chosen"]}).ok().json["answered"] == 1
    assert phone.get(asked).ok().json["questions"][0]["chosen"] == first["chosen"]
    result = hand_in(phone, str(attempt_id), rest).ok().json
    assert (result["score"], result["passed"], result["is_counted"], result["tries_left"]) == (100, True, True, 0)
    assert result["questions"][0]["explanation"]
    assert hand_in(phone, str(attempt_id), []).ok().json["score"] == 100
    [row] = rows_of(database, path)
    assert (row.confirmed_by, row.is_counted, row.score) == (ConfirmedBy.TEST, True, Decimal(100))
    assert start(phone, path).code == "already_passed"
    time_machine.move_to(ENDS, tick=False)
    assert "发证书（1 人）" in desk.get(f"/console/training-certificates/{id_of(path)}").ok().text
    assert "1 人开考，1 人交卷，1" in desk.get(f"/console/training-exams/{id_of(path)}").ok().text


def test_tries_run_out_the_best_one_stays_and_the_trainer_may_say_otherwise(
    held: tuple[Desk, str, Phone], key: Key, database: Database, time_machine: TimeMachineFixture
) -> None:
    desk, path, phone = held
    result = key.play(phone, path, right=2)
    assert (result["score"], result["passed"], result["tries_left"], result["is_counted"]) == (50, False, 1, False)
    assert key.play(phone, path, right=1)["tries_left"] == 0
    refused = start(phone, path)
    assert (refused.status, refused.code) == (429, "tries_used_up")
    assert "次数用完了" in phone.get(f"{API}/sessions/{id_of(path)}/exam").ok().json["note"]
    [row] = rows_of(database, path)
    assert (row.score, row.is_counted) == (Decimal(50), False)
    assert desk.post(f"{path}/attendances/confirmation", {}, form=path).status == 303
    time_machine.move_to(ENDS, tick=False)
    page = f"/console/training-certificates/{id_of(path)}"
    assert "发证书（" not in desk.get(page).ok().text  # they count; without a pass there is no certificate
    with database.transaction() as session:
        session.get_one(Exam, UUID(id_of(path))).is_required = False
    assert "发证书（1 人）" in desk.get(page).ok().text


@pytest.mark.parametrize(
    ("at", "change", "code"),
    [
        (ENDS - timedelta(minutes=20), "", "exam_not_open"),
        (ENDS + timedelta(hours=24), "", "exam_closed"),
        (OPEN, "struck", "struck"),
        (OPEN, "colleague", "not_checked_in"),
        (OPEN, "stranger", "exam_not_found"),
        (OPEN, "taken id", "content_differs"),
        (OPEN, "old id", "invalid"),
        (OPEN, "no test", "exam_not_found"),
    ],
)
def test_it_is_begun_by_who_came_and_in_its_time_only(
    held: tuple[Desk, str, Phone], phone_of: PhoneOf, world: World, database: Database, at: datetime, change: str,
    code: str, time_machine: TimeMachineFixture,
) -> None:  # fmt: skip
    desk, path, phone = held
    attempt_id: UUID | str = ids.new_id()
    if change == "struck":
        with database.transaction() as session:
            session.scalars(select(Attendance)).one().is_struck = True
    elif change in ("colleague", "stranger"):
        phone = phone_of(getattr(world.people, change))
    elif change == "taken id":
        start(phone, path, attempt_id).ok()
        phone = phone_of(world.people.colleague)
        time_machine.move_to(BEGINS, tick=False)
        send_code(phone, path, code_on_screen(desk, path)).ok()
    elif change == "old id":
        attempt_id = "00000000-0000-4000-8000-000000000000"
    elif change == "no test":
        path = plan(desk, world.unions.shipyard, title="另一场")
        move(desk, path, "start")
    time_machine.move_to(at, tick=False)
    assert start(phone, path, attempt_id).code == code


def test_a_paper_takes_what_was_asked_from_whom_it_belongs_to_while_there_is_time(
    held: tuple[Desk, str, Phone], key: Key, phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture,
    run_jobs: Callable[..., int],
) -> None:  # fmt: skip
    desk, path, phone = held
    attempt_id = start(phone, path).ok().json["id"]
    asked, other = f"{API}/exam-attempts/{attempt_id}", phone_of(world.people.colleague)
    for door in (asked, f"{asked}/result"):
        assert other.get(door).status == 404
    assert other.put(f"{asked}/answers/0", {"chosen": [0]}).status == 404
    assert hand_in(other, attempt_id, []).status == 404
    assert phone.put(f"{asked}/answers/4", {"chosen": [0]}).code == "unknown_question"
    assert phone.put(f"{asked}/answers/0", {"chosen": [7]}).code == "unknown_option"
    assert hand_in(phone, attempt_id, [{"position": 9, "chosen": [0]}]).status == 422
    phone.put(f"{asked}/answers/0", {"chosen": key.answers(attempt_id)[0]["chosen"]}).ok()
    assert start(phone, path).code == "attempt_running"
    move(desk, path, "end")
    move(desk, path, "write", evaluation="会了", summary="讲了")
    desk.post(f"{path}/attendances/confirmation", {}, form=path)
    assert "还缺：还在考的 1 人交卷" in move(desk, path, "hand_in").text
    time_machine.move_to(OPEN + timedelta(minutes=5, seconds=31), tick=False)
    assert phone.put(f"{asked}/answers/1", {"chosen": [0]}).code == "attempt_over"
    run_jobs()
    late = hand_in(phone, attempt_id, key.answers(attempt_id)).ok().json  # what arrived in time counts
    assert (late["score"], late["passed"]) == (25, False)
    assert move(desk, path, "hand_in").status == 303
    assert start(phone, path).code == "exam_closed"


def test_a_paper_is_finished_by_another_identity_of_whoever_began_it(
    held: tuple[Desk, str, Phone], key: Key, phone_of: PhoneOf, world: World, database: Database
) -> None:
    _desk, path, phone = held
    attempt_id = start(phone, path).ok().json["id"]
    with database.transaction() as session:
        note_same(session, [world.people.colleague.id], [world.people.worker.id], SameBy.UNIONID, OPEN)
    other = phone_of(world.people.colleague)
    about = other.get(f"{API}/sessions/{id_of(path)}/exam").ok().json
    assert about["running_attempt_id"] == attempt_id
    first, *rest = key.answers(attempt_id)
    asked = f"{API}/exam-attempts/{attempt_id}"
    assert other.put(f"{asked}/answers/0", {"chosen": first["chosen"]}).ok().json["answered"] == 1
    assert hand_in(other, attempt_id, rest).ok().json["score"] == 100


def test_of_many_that_begin_or_hand_in_at_once_one_counts(
    held: tuple[Desk, str, Phone], key: Key, phone_of: PhoneOf, world: World, database: Database
) -> None:
    _desk, path, phone = held
    phones = [phone_of(world.people.worker) for _ in range(4)]
    begun = at_once(*[lambda each=each: start(each, path) for each in phones])
    assert sorted(answer.status for answer in begun) == [201, 409, 409, 409]
    attempt_id = next(answer.json["id"] for answer in begun if answer.status == 201)
    answers = key.answers(attempt_id)
    graded = at_once(*[lambda each=each: hand_in(each, attempt_id, answers) for each in phones])
    assert [answer.json["score"] for answer in graded] == [100] * 4
    assert len(rows_of(database, path)) == 1
    assert start(phone, path).code == "already_passed"


def test_it_is_set_up_by_the_organiser_until_somebody_begins(
    held: tuple[Desk, str, Phone], desk_of: DeskOf, world: World
) -> None:
    desk, path, phone = held
    page = f"/console/training-exams/{id_of(path)}"
    above, elsewhere = desk_of(world.people.town_reviewer), desk_of(world.people.other_town_reviewer)
    assert "不限主题 4 题" in above.get(page).ok().text
    assert set_up(above, path, version="1").status == 403
    assert elsewhere.get(page).status == set_up(elsewhere, path, version="1").status == 404
    assert set_up(desk, path).status == 409  # an older page
    for wrong in ({"count": "0"}, {"pass_mark": "101"}, {"minutes": "x"}, {"topics": "没有的主题"}):
        assert set_up(desk, path, **{"version": "1", **wrong}).status == 422, wrong
    lacking = set_up(desk, path, version="1", topics="应急救援", count="50")
    assert (lacking.status, "题库里“应急救援”这样的题只有" in lacking.text) == (422, True)
    assert set_up(desk, path, version="1", topics="应急救援", count="1").status == 303
    assert desk.post(f"{page}/removal", {"version": "2"}, form="/console/").status == 303
    assert phone.get(f"{API}/sessions/{id_of(path)}").ok().json["has_exam"] is False
    assert set_up(desk, path).status == 303
    start(phone, path).ok()
    assert set_up(desk, path, version="1").status == 409
    assert desk.post(f"{page}/removal", {"version": "1"}, form="/console/").status == 409


def test_marks_of_an_older_page_do_not_undo_what_a_phone_sent_since(
    held: tuple[Desk, str, Phone], key: Key, database: Database
) -> None:
    desk, path, phone = held
    key.play(phone, path, right=2)
    [row] = rows_of(database, path)
    shown = {f"mark-{row.id}": "50.0", f"was-mark-{row.id}": "50.0"}
    key.play(phone, path)
    page = f"/console/training-certificates/{id_of(path)}"
    assert desk.post(f"{page}/marks", {"pass_mark": "60", **shown}, form=page).status == 409  # one mark for both
    assert desk.post(f"{page}/marks", {"pass_mark": "75", **shown}, form=page).status == 303
    [row] = rows_of(database, path)
    assert (row.score, row.is_counted) == (Decimal(100), True)


def test_questions_are_spread_over_the_topics() -> None:
    spread = rules.quotas_of(("应急救援", "消防安全", "职业健康"), 2, 10)
    assert [(each.topic, each.count, each.difficulty) for each in spread] == [
        ("应急救援", 4, 2), ("消防安全", 3, 2), ("职业健康", 3, 2),
    ]  # fmt: skip
    assert [each.count for each in rules.quotas_of(("应急救援", "消防安全"), None, 1)] == [1]
