"""The words of inbox messages."""

from datetime import UTC, datetime

import pytest

from server.review.submissions.announcing.moves import EVENTS
from server.review.submissions.events import (
    SubmissionAnswered,
    SubmissionArrived,
    SubmissionEvent,
    SubmissionPassed,
    SubmissionReopened,
    SubmissionWithdrawn,
)
from server.review.submissions.messages import WORDS, SubmissionMessage
from server.review.submissions.models import Kind

DUE = datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC)
HAPPENING = SubmissionMessage(Kind.HAZARD, "配电箱门敞开", "八大湖街道总工会", "请看回复", "一般", DUE)


@pytest.mark.parametrize("kind", WORDS)
def test_every_message_names_the_hazard_and_fits_a_title(kind: type[SubmissionEvent]) -> None:
    message = WORDS[kind](HAPPENING)
    assert 0 < len(message.title) <= 60
    assert "配电箱门敞开" in message.body


@pytest.mark.parametrize("kind", WORDS)
def test_messages_read_well_when_little_is_known(kind: type[SubmissionEvent]) -> None:
    message = WORDS[kind](SubmissionMessage(Kind.HAZARD, "触电", "麦香食品有限公司"))
    assert "None" not in message.body


@pytest.mark.parametrize("kind", [SubmissionArrived, SubmissionAnswered, SubmissionPassed, SubmissionReopened])
def test_whoever_waits_is_told_by_whom_and_by_when(kind: type[SubmissionEvent]) -> None:
    body = WORDS[kind](HAPPENING).body
    assert "八大湖街道总工会" in body
    assert "11月26日" in body


def test_every_step_that_others_hear_of_is_told_except_ones_own_withdrawal() -> None:
    assert set(EVENTS.values()) - set(WORDS) == {SubmissionWithdrawn}
