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
from server.review.submissions.events import SubmissionDeclined
from server.review.submissions.models import Submission

Ending = SubmissionDeclined | RectificationClosed | RectificationDropped

ENDINGS: Mapping[type[Event], tuple[str, str]] = {
    SubmissionDeclined: ("你关注的这一条没有受理", "{}没有受理。"),
    SubmissionLeftBehind: (
        "你关注的这一条撤回了",
        "{}由提交的人撤回了，工会不再处理。隐患还在的话，请你自己拍照上报。",
    ),
    RectificationClosed: ("你关注的隐患已销号", "{}已整改好，复查通过。"),
    RectificationDropped: ("你关注的隐患无需整改", "工会认为单位的异议成立，{}无需整改。"),
}
"""How it ended."""


def ending_of(kind: type[Event], excerpt: str | None) -> Message:
    """How followers hear of an end. `excerpt` None: it was reported anonymously, its words may betray by whom."""
    title, body = ENDINGS[kind]
    return Message(title, body.format("你关注的隐患" if excerpt is None else f"“{excerpt}”"))


def _tell_ending(session: Session, event: Ending) -> Iterator[GroupMessage]:
    yield _to_followers(session, event, event.submission_id, event.step_id)


def _tell_left_behind(session: Session, event: SubmissionLeftBehind) -> Iterator[GroupMessage]:
    yield _to_followers(session, event, event.submission_id, event.submission_id)


def _to_followers(session: Session, event: Event, submission_id: UUID, once_per: UUID) -> GroupMessage:
    submission = session.get_one(Submission, submission_id)
    is_named = not submission.is_anonymous and not find_held(session, [submission_id])
    return GroupMessage(
        people=list_followers(session, [submission_id])[submission_id],
        key=f"followed:{once_per}",
        message=ending_of(type(event), submission.excerpt if is_named else None),
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
    SubmissionDeclined: _tell_ending,
    RectificationClosed: _tell_ending,
    RectificationDropped: _tell_ending,
}
