"""What reviewers are told of letters: those that came to their union, and the answers to its own."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.messages import GroupMessage, Message, WechatNotice
from server.kit.occasions import Occasion
from server.oversight.letters.models import Letter
from server.oversight.letters.queries import written_number
from server.oversight.letters.texts import KIND_NAMES
from server.review.submissions.texts import due_text
from server.unions.people.queries import list_reviewers

OUTCOMES = {"sent": "待答复", "withdrawn": "已撤回", "answered": "有答复"}


def sent(session: Session, letter: Letter, by: UUID | None) -> GroupMessage:
    """That it came, to the reviewers who answer it, but whoever sent it."""
    until = due_text(letter.due_at) if letter.due_at else ""
    body = f"{letter.issuer_name}发来{_named(letter)}，请在 {until} 前答复。"
    return _to_reviewers(
        session, letter, "sent", letter.addressee_id, Message(f"收到{KIND_NAMES[letter.kind]}", body), by
    )


def withdrawn(session: Session, letter: Letter, by: UUID | None) -> GroupMessage:
    """That it needs no answer any more."""
    body = f"{letter.issuer_name}撤回了{_named(letter)}，不用再答复。"
    return _to_reviewers(session, letter, "withdrawn", letter.addressee_id, Message("文书已撤回", body), by)


def answered(session: Session, letter: Letter, by: UUID | None) -> GroupMessage:
    """That it was answered, to the reviewers who sent it."""
    body = f"{letter.addressee_name}答复了{_named(letter)}。"
    return _to_reviewers(session, letter, "answered", letter.issuer_id, Message("文书有答复了", body), by)


def _named(letter: Letter) -> str:
    return f"“{letter.subject}”（{written_number(letter)}）"


def _to_reviewers(
    session: Session, letter: Letter, step: str, union_id: UUID, message: Message, by: UUID | None
) -> GroupMessage:
    people = list_reviewers(session, union_id, but=by)
    return GroupMessage(
        people=people,
        key=f"letter:{step}:{letter.id}",
        message=message,
        desk=f"/console/letters/{letter.id}",
        by_wechat=WechatNotice(f"letter.{step}", Occasion.DESK, OUTCOMES[step]),
    )
