"""What people are told of suggestions: their authors how they get on, co-authors that they are named."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.events import Event
from server.kit.messages import Message, MessageWriter, PersonalMessage, id_in
from server.review.submissions.models import Submission


def _step_done(session: Session, event: Event) -> PersonalMessage:
    what = event.data.get("what") or event.data.get("text")
    done = f"完成了一步：{what}" if what else "完成了一步。"
    return _message(session, event, "step_done", Message("你的建议有进展", f"你的建议正在落实，{done}"))


def _benefit_confirmed(session: Session, event: Event) -> PersonalMessage:
    message = Message("你的建议见效了", "单位确认了你的建议带来的效果，点开可以看到。")
    return _message(session, event, "benefit_confirmed", message)


def _published(session: Session, event: Event) -> PersonalMessage:
    message = Message("你的建议已公开", "你的建议已公开展示，工友们可以看到并支持它。")
    return _message(session, event, "published", message)


def _co_author_named(session: Session, event: Event) -> PersonalMessage:
    message = Message("请确认共同建议人", "有工友把你列为一条建议的共同建议人，点开看看，确认或拒绝。")
    return _message(session, event, "co_author_named", message)


def _message(session: Session, event: Event, step: str, message: Message) -> PersonalMessage:
    """To the person that the event names, else to the author."""
    submission_id = id_in(event, "submission_id") or event.subject_id
    person_id = id_in(event, "person_id")
    if person_id is None:
        person_id = session.scalar(select(Submission.reporter_id).where(Submission.id == submission_id))
    return PersonalMessage(
        person_id=person_id,
        key=f"{step}:{event.data.get('step_id') or submission_id}",
        message=message,
        submission_id=submission_id,
        target=f"suggestion:{submission_id}",
        what=str(event.data.get("what") or ""),
    )


MESSAGES: Mapping[str, MessageWriter] = {
    "suggestion.co_author_named": _co_author_named,
    "suggestion.step_done": _step_done,
    "suggestion.benefit_confirmed": _benefit_confirmed,
    "suggestion.published": _published,
}
