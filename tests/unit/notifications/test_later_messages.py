"""The words of messages about putting right, followers, awards, points and suggestions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, make_transient_to_detached

from server.activities.suggestions import messages as suggestions
from server.activities.suggestions.models import CoAuthor, PlanStep
from server.core.db import Base
from server.core.events import Event
from server.core.messages import PersonalMessage
from server.oversight.awards import messages as awards
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardObjection, ObjectionStatus
from server.review.followers.messages import TURNS, turn_of
from server.review.rectification.events import EVENTS, RectificationEvent
from server.review.rectification.messages import WORDS as RECTIFICATION_WORDS
from server.review.rectification.messages import RectificationMessage
from server.review.rectification.models import RectifyMove as Move
from server.review.submissions.events import SubmissionAccepted, SubmissionDeclined, SubmissionEvent
from server.review.submissions.messages import WORDS, SubmissionMessage
from server.review.submissions.models import Kind, Submission
from server.rewards.certificates import messages as certificates
from server.rewards.contests import Contest
from server.rewards.points import messages as points
from server.rewards.points.models import PointsTransfer
from server.rewards.prizes import messages as prizes
from server.rewards.prizes.models import Prize, PrizePool, PrizeWin

DUE = datetime(2026, 11, 26, 15, 59, 59, tzinfo=UTC)
REPAIR = RectificationMessage("配电箱门敞开", "麦香食品有限公司", "请看说明", DUE, DUE)
ID = UUID(int=7)


def test_every_move_of_a_rectification_is_told_but_for_notes_what_was_undone_and_the_beginning_told_before() -> None:
    """The acceptance tells of the beginning; of what is undone within its minute nobody hears."""
    assert set(Move) - set(EVENTS) == {Move.NOTE, Move.OPEN, Move.UNDO}
    assert set(EVENTS.values()) == set(RECTIFICATION_WORDS)


@pytest.mark.parametrize("kind", RECTIFICATION_WORDS)
def test_every_message_about_putting_right_names_the_hazard(kind: type[RectificationEvent]) -> None:
    message = RECTIFICATION_WORDS[kind](REPAIR)
    assert 0 < len(message.title) <= 60
    assert "配电箱门敞开" in message.body
    assert "None" not in RECTIFICATION_WORDS[kind](RectificationMessage("触电", "麦香", None, DUE)).body


@pytest.mark.parametrize("move", [Move.ACCEPT, Move.UPHOLD, Move.GRANT_EXTENSION, Move.SEND_BACK, Move.REOPEN])
def test_whoever_waits_for_putting_right_reads_by_when(move: Move) -> None:
    assert "11月26日" in RECTIFICATION_WORDS[EVENTS[move]](REPAIR).body


@pytest.mark.parametrize("kind", TURNS)
def test_followers_of_an_anonymous_report_read_none_of_its_words(kind: type[Event]) -> None:
    assert "配电箱" in turn_of(kind, Kind.HAZARD, "配电箱门敞开").body
    assert "“" not in turn_of(kind, Kind.HAZARD, None).body


def test_followers_of_a_suggestion_read_that_it_was_adopted() -> None:
    message = turn_of(SubmissionAccepted, Kind.SUGGESTION, None)
    assert (message.title, message.body) == ("你关注的这一条已采纳", "你关注的建议已采纳，工会会督促落实。")


@pytest.mark.parametrize(
    ("kind", "in_part", "title"),
    [
        (SubmissionAccepted, False, "你的建议已采纳"),
        (SubmissionAccepted, True, "你的建议已部分采纳"),
        (SubmissionDeclined, False, "这次没有采纳"),
    ],
)
def test_suggestions_are_adopted_where_hazards_are_accepted(
    kind: type[SubmissionEvent], in_part: bool, title: str
) -> None:
    message = WORDS[kind](SubmissionMessage(Kind.SUGGESTION, "加装护栏", "街道总工会", in_part=in_part))
    assert message.title == title
    assert "受理" not in message.body


@pytest.mark.parametrize("kind", WORDS)
def test_no_message_calls_a_suggestion_a_hazard(kind: type[SubmissionEvent]) -> None:
    message = WORDS[kind](SubmissionMessage(Kind.SUGGESTION, "加装护栏", "街道总工会"))
    assert "隐患" not in message.title + message.body


BATCH = AwardBatch(id=ID, name="第三季度", objections_until=DUE)
ENTRY = AwardEntry(id=ID, person_id=ID, amount_cents=20050)
OBJECTION = AwardObjection(id=ID, person_id=ID, status=ObjectionStatus.REJECTED, answer="已核实")
SUGGESTION = Submission(id=ID, reporter_id=ID)


def told() -> Iterator[PersonalMessage]:
    """What the slices above the inbox tell one person, each of its messages once."""
    yield from (awards.published(BATCH, ENTRY), awards.final(BATCH, ENTRY), awards.paid(BATCH, ENTRY))
    yield awards.objection_answered(BATCH, OBJECTION)
    for reverses_id in (None, ID):
        yield points.moved(PointsTransfer(id=ID, person_id=ID, amount=20, reason="隐患受理", reverses_id=reverses_id))
    yield certificates.issued(ID, ID, Contest(ID, "知识闯关", DUE, ID))
    yield from (suggestions.benefit_confirmed(SUGGESTION), suggestions.published(SUGGESTION))
    yield suggestions.step_done(SUGGESTION, PlanStep(id=ID, what="装护栏"))
    yield suggestions.co_author_named(CoAuthor(id=ID, submission_id=ID, person_id=ID))
    with Session() as session:  # bound to no database: all that is asked for is there
        kept: list[Base] = [PrizePool(id=ID, contest_name="知识闯关"), Prize(id=ID, name="一等奖")]
        for row in kept:
            make_transient_to_detached(row)
            session.add(row)
        win = PrizeWin(id=ID, pool_id=ID, prize_id=ID, person_id=ID, claim_until=DUE)
        yield from (prizes.offered(session, win), prizes.expired(session, win), prizes.handed_over(session, win))
        yield prizes.revoked(session, win, "作弊")


def test_what_slices_tell_people_reads_well_and_leads_somewhere() -> None:
    for message in told():
        assert message.person_id == ID
        assert len(message.key) <= 100
        assert message.target is not None
        assert len(message.target) <= 80
        assert 0 < len(message.message.title) <= 60
        assert "None" not in message.message.title + message.message.body


def test_an_award_says_how_much_and_until_when_it_is_public() -> None:
    body = awards.published(BATCH, ENTRY).message.body
    assert "200.50 元" in body
    assert "11月26日" in body
