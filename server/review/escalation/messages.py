"""What reviewers are told of what climbed to their union, and of what a union above asks them for."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.events import Event
from server.core.messages import GroupMessage, Message, MessageWriter, WechatNotice
from server.kit.occasions import Occasion
from server.review.escalation.events import OverdueAskedAfter, OverdueClimbed, OverdueUrged
from server.review.escalation.listing import CLIMBED, DISPATCH
from server.review.escalation.models import Overdue
from server.review.submissions.models import Submission
from server.unions.people.queries import list_reviewers
from server.unions.tree.models import Union

SHOWN = 10  # numbers in a message


def _tell_reviewers(session: Session, event: OverdueClimbed) -> Iterator[GroupMessage]:
    """One message a day, whatever the number: the list tells the rest."""
    yield GroupMessage(
        people=list_reviewers(session, event.union_id),
        key=f"climbed:{day_of(event.at)}:{event.union_id.hex}",
        message=Message("有逾期事项升级到您这里", "下级逾期没有办理的事项已经升级，请督促。"),
        desk=CLIMBED.path,
        by_wechat=WechatNotice(event.name, Occasion.DESK, "已逾期"),
    )


def _tell_urged(session: Session, event: OverdueUrged) -> Iterator[GroupMessage]:
    """Whoever has to answer: which ones by number, and what the union above says."""
    numbers = session.scalars(
        select(Submission.number)
        .join(Overdue, Overdue.submission_id == Submission.id)
        .where(Overdue.id.in_(event.overdue_ids))
        .order_by(Overdue.due_at, Overdue.id)
    ).all()
    shown = "、".join(number or "" for number in numbers[:SHOWN]) + ("等" if len(numbers) > SHOWN else "")
    by = session.get_one(Union, event.by_union_id).name
    body = f"{by}催办您单位逾期的 {len(event.overdue_ids)} 条：{shown}。{event.text}"
    yield GroupMessage(
        people=list_reviewers(session, event.union_id, but=event.actor_id),
        key=f"urged:{min(event.overdue_ids).hex}:{day_of(event.at)}",
        message=Message("上级工会催办", body),
        desk=DISPATCH.path,
        by_wechat=WechatNotice(event.name, Occasion.DESK, "催办"),
    )


def _tell_asked(session: Session, event: OverdueAskedAfter) -> Iterator[GroupMessage]:
    """Whoever has to answer: that the reporter asks, never who that is."""
    overdue = session.get_one(Overdue, event.overdue_id)
    submission = session.get_one(Submission, overdue.submission_id)
    yield GroupMessage(
        people=list_reviewers(session, overdue.responsible_id, but=event.actor_id),
        key=f"asked:{overdue.id.hex}:{day_of(event.at)}",
        message=Message("职工催办", f"{submission.number} 过了期限还没有办，报告的职工在问。请尽快办理并答复。"),
        day_only=submission.is_anonymous,
        desk=DISPATCH.path,
        by_wechat=WechatNotice(event.name, Occasion.DESK, "职工催办"),
    )


MESSAGES: Mapping[type[Event], MessageWriter] = {
    OverdueClimbed: _tell_reviewers,
    OverdueUrged: _tell_urged,
    OverdueAskedAfter: _tell_asked,
}
