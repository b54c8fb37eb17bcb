"""What followers and joint reporters hear of somebody's report, without the words that were meant for the reporter; and
what the reporter hears of them."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event
from server.core.messages import GroupMessage, Message, MessageWriter, PersonalMessage
from server.review.followers.events import SubmissionFollowed, SubmissionLeftBehind
from server.review.followers.queries import list_followers
from server.review.rectification.events import RectificationClosed, RectificationDropped
from server.review.safety.queries import find_held
from server.review.submissions.events import SubmissionAccepted, SubmissionDeclined
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Kind, Submission

Turn = SubmissionAccepted | SubmissionDeclined | RectificationClosed | RectificationDropped

TURNS: Mapping[type[Event], tuple[str, str]] = {
    SubmissionAccepted: ("你关注的这一条已{accept}", "{it}已{accept}，{promise}。"),
    SubmissionDeclined: ("你关注的这一条没有{accept}", "{it}没有{accept}。"),
    SubmissionLeftBehind: (
        "你关注的这一条撤回了",
        "{it}由提交的人撤回了，工会不再处理。隐患还在的话，请你自己拍照上报。",
    ),
    RectificationClosed: ("你关注的隐患已销号", "{it}已整改好，复查通过。"),
    RectificationDropped: ("你关注的隐患无需整改", "工会认为单位的异议成立，{it}无需整改。"),
}
"""How it goes on, and how it ends."""


def turn_of(event: type[Event], kind: Kind, excerpt: str | None) -> Message:
    """How followers hear of it. `excerpt` None: it was reported anonymously, its words may betray by whom."""
    words = kind_of(kind).words
    it = f"你关注的{words.name}" if excerpt is None else f"“{excerpt}”"
    title, body = (each.format(it=it, accept=words.accept, promise=words.promise) for each in TURNS[event])
    return Message(title, body)


def _tell_turn(session: Session, event: Turn) -> Iterator[GroupMessage]:
    yield _to_followers(session, event, event.submission_id, event.step_id)


def _tell_left_behind(session: Session, event: SubmissionLeftBehind) -> Iterator[GroupMessage]:
    yield _to_followers(session, event, event.submission_id, event.submission_id)


def _to_followers(session: Session, event: Event, submission_id: UUID, once_per: UUID) -> GroupMessage:
    submission = session.get_one(Submission, submission_id)
    is_named = not submission.is_anonymous and not find_held(session, [submission_id])
    return GroupMessage(
        people=list_followers(session, [submission_id])[submission_id],
        key=f"followed:{once_per}",
        message=turn_of(type(event), submission.kind, submission.excerpt if is_named else None),
        submission_id=submission_id,
        day_only=submission.is_anonymous,
    )


def _tell_reporter(session: Session, event: SubmissionFollowed) -> Iterator[PersonalMessage]:
    """Once that somebody else saw it too, not who or how many."""
    submission = session.get_one(Submission, event.submission_id)
    body = f"有工友也在关注“{submission.excerpt}”，会和你一起等结果。"
    yield PersonalMessage(
        person_id=submission.reporter_id,
        key=f"others:{submission.id}",
        message=Message("有工友也看到了", body),
        submission_id=submission.id,
    )


MESSAGES: Mapping[type[Event], MessageWriter] = {
    SubmissionFollowed: _tell_reporter,
    SubmissionLeftBehind: _tell_left_behind,
    SubmissionAccepted: _tell_turn,
    SubmissionDeclined: _tell_turn,
    RectificationClosed: _tell_turn,
    RectificationDropped: _tell_turn,
}
