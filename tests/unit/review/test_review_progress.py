"""What reporters read about where their submission stands."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from server.review.submissions.kinds.progress import progress_steps
from server.review.submissions.models import Kind, Move, Status
from server.review.submissions.schemas import StepFacts
from server.review.submissions.texts import MOVE_TITLES, STATUS_TEXTS, excerpt_of, union_label

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    status: Status
    current: str | None
    says: str


def facts(**changes: Any) -> StepFacts:
    values: dict[str, Any] = {
        "kind": Kind.HAZARD, "status": Status.QUEUED,
        "created_at": AT, "arrived_at": AT, "decided_at": None, "updated_at": AT,
        "due_at": datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC), "photos_expected": 4, "photos_received": 3,
        "union_name": "八大湖街道总工会", "question": None, "reply": None, "grade_name": None, **changes,
    }  # fmt: skip
    return StepFacts(**values)


@pytest.mark.parametrize(
    "case",
    [
        Case(Status.INCOMPLETE, "提交中", "3/4"),
        Case(Status.QUEUED, "工会审核", "最晚 11月26日"),
        Case(Status.RETURNED, "等你补充", "在几楼"),
        Case(Status.ACCEPTED, None, "一般"),
        Case(Status.DECLINED, None, "不是隐患"),
        Case(Status.DUPLICATE, None, "不是隐患"),
        Case(Status.WITHDRAWN, None, "撤回"),
    ],
)
def test_every_status_says_where_it_stands_and_what_comes_next(case: Case) -> None:
    decided = {"decided_at": AT, "reply": "不是隐患"} if case.current is None else {}
    grade = {"grade_name": "一般"} if case.status is Status.ACCEPTED else {}
    found = progress_steps(facts(status=case.status, question="在几楼？", **decided, **grade))
    current = [step.title for step in found if step.state == "current"]
    assert current == ([case.current] if case.current else [])
    assert case.says in " ".join(f"{step.title} {step.note}" for step in found)
    states = [step.state for step in found]
    assert states == sorted(states, key=["done", "current", "ahead"].index)


def test_every_status_and_move_has_words() -> None:
    assert set(STATUS_TEXTS) == set(Status)
    assert set(MOVE_TITLES) == set(Move)


def test_an_excerpt_is_one_short_line_or_the_category() -> None:
    assert excerpt_of(" 第一行\n第二行 ", "触电") == "第一行 第二行"
    assert excerpt_of("  ", "触电") == "触电"
    assert len(excerpt_of("长" * 500, "触电")) == 60


def test_an_enterprise_answers_as_its_union() -> None:
    assert union_label("麦香食品有限公司") == "麦香食品有限公司工会"
    assert union_label("青岛市总工会") == "青岛市总工会"
