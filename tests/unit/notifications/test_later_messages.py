"""The words of messages about putting right, followers, awards, points and suggestions."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from server.core.events import Event
from server.core.slice import declared
from server.kit.messages import Message, PersonalMessage
from server.notifications.inbox.messages import MESSAGES, SubmissionMessage, message_to_followers
from server.review.rectification.events import EVENTS
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.texts import MESSAGES as RECTIFICATION_MESSAGES
from server.review.rectification.texts import MESSAGES_TO_FOLLOWERS, RectificationMessage
from server.review.submissions.models import Kind

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC)
REPAIR = RectificationMessage("配电箱门敞开", "麦香食品有限公司", "请看说明", DUE, DUE)
ID = UUID(int=7)


def test_every_move_of_a_rectification_is_told_but_for_notes() -> None:
    assert set(Move) - set(EVENTS) == {Move.NOTE}
    assert set(EVENTS) == set(RECTIFICATION_MESSAGES)


@pytest.mark.parametrize("move", RECTIFICATION_MESSAGES)
def test_every_message_about_putting_right_names_the_hazard(move: Move) -> None:
    message = RECTIFICATION_MESSAGES[move](REPAIR)
    assert 0 < len(message.title) <= 60
    assert "配电箱门敞开" in message.body
    assert "None" not in RECTIFICATION_MESSAGES[move](RectificationMessage("触电", "麦香", None, DUE)).body


@pytest.mark.parametrize(
    "move", [Move.OPEN, Move.ACCEPT, Move.UPHOLD, Move.GRANT_EXTENSION, Move.SEND_BACK, Move.REOPEN]
)
def test_whoever_waits_for_putting_right_reads_by_when(move: Move) -> None:
    assert "11月26日" in RECTIFICATION_MESSAGES[move](REPAIR).body


@pytest.mark.parametrize(
    "words", [*MESSAGES_TO_FOLLOWERS.values(), partial(message_to_followers, "submission.declined")]
)
def test_followers_of_an_anonymous_report_read_none_of_its_words(words: Callable[[str | None], Message]) -> None:
    assert "配电箱" in words("配电箱门敞开").body
    assert "“" not in words(None).body


@pytest.mark.parametrize(
    ("name", "in_part", "title"),
    [
        ("submission.accepted", False, "你的建议已采纳"),
        ("submission.accepted", True, "你的建议已部分采纳"),
        ("submission.declined", False, "这次没有采纳"),
    ],
)
def test_suggestions_are_adopted_where_hazards_are_accepted(name: str, in_part: bool, title: str) -> None:
    message = MESSAGES[name](SubmissionMessage(Kind.SUGGESTION, "加装护栏", "街道总工会", in_part=in_part))
    assert message.title == title
    assert "受理" not in message.body


@pytest.mark.parametrize("name", MESSAGES)
def test_no_message_calls_a_suggestion_a_hazard(name: str) -> None:
    message = MESSAGES[name](SubmissionMessage(Kind.SUGGESTION, "加装护栏", "街道总工会"))
    assert "隐患" not in message.title + message.body


def told(name: str, data: dict[str, Any]) -> PersonalMessage:
    """What the slice that announces `name` has to say to the person in `data`."""
    with Session() as session:  # bound to no database: whoever is named needs none
        message = declared().messages[name](session, Event(name, ID, AT, None, data))
    assert isinstance(message, PersonalMessage)
    return message


def test_what_slices_tell_people_reads_well_and_leads_somewhere() -> None:
    data = {
        "person_id": ID, "objector_id": ID, "objection_id": ID, "batch_id": ID, "batch_name": "第三季度",
        "amount_cents": 20050, "objections_until": DUE.isoformat(), "amount": 20, "reason": "隐患受理",
        "prize_name": "一等奖", "contest_name": "知识闯关", "contest_id": ID, "claim_until": DUE.isoformat(),
        "text": "作弊",
    }  # fmt: skip
    names = declared().messages
    assert {name.partition(".")[0] for name in names} == {"award", "points", "prize", "certificate", "suggestion"}
    for name in names:
        message = told(name, data)
        assert message.person_id == ID
        assert len(message.key) <= 100
        assert len(message.target) <= 80
        assert 0 < len(message.message.title) <= 60
        assert "None" not in message.message.title + message.message.body


def test_every_message_of_a_slice_tells_of_an_event_that_it_announces() -> None:
    assert set(declared().messages) - set(declared().events) == set()


def test_an_award_says_how_much_and_until_when_it_is_public() -> None:
    data = {"person_id": ID, "batch_name": "第三季度", "amount_cents": 20050, "objections_until": DUE.isoformat()}
    body = told("award.published", data).message.body
    assert "200.50 元" in body
    assert "11月26日" in body
