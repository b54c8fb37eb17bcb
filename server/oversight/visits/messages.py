"""What people are told of visits: the team that it goes, the enterprise what came of it."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.clock import short_day, short_days
from server.core.messages import Message, PersonalMessage, WechatNotice
from server.core.text import quoted
from server.kit.occasions import Occasion
from server.oversight.visits.models import Visit, VisitFinding, VisitMember
from server.unions.people.queries import list_reviewers
from server.unions.tree.queries import get_union


def phone_page(visit_id: UUID) -> str:
    """Where the mini program shows a visit to its team."""
    return f"tasks/visits/record?id={visit_id}"


def planned(session: Session, visit: Visit, by: UUID | None) -> Iterator[PersonalMessage]:
    """That they go, to everybody of the team but whoever planned it."""
    those = select(VisitMember.person_id).where(VisitMember.visit_id == visit.id, VisitMember.person_id.is_not(None))
    people = [each for each in session.scalars(those) if each is not None and each != by]
    enterprise = get_union(session, visit.enterprise_id).name if visit.enterprise_id is not None else ""
    body = f"{short_days(visit.planned_from, visit.planned_to)}去{enterprise}，{quoted(visit.occasion)}。"
    message = Message("督导安排您去", body)
    yield from _to_each(
        visit, people, f"planned:{visit.id.hex}:{visit.version}", message, "请查看", page=phone_page(visit.id)
    )


def sent(session: Session, visit: Visit, by: UUID | None) -> Iterator[PersonalMessage]:
    """What came of it, to the enterprise: also that nothing was found."""
    found = session.scalar(select(func.count()).where(VisitFinding.visit_id == visit.id)) or 0
    organizer = get_union(session, visit.organizer_id).name
    if found and visit.reply_on is not None:
        body = f"{organizer}督导后提了 {found} 条建议，请在{short_day(visit.reply_on)}前答复。"
        outcome = "待答复"
    else:
        body, outcome = f"{organizer}督导没有发现需要整改的问题。", "没有问题"
    yield from _to_enterprise(session, visit, by, f"sent:{visit.id.hex}", Message("收到督导意见书", body), outcome)


def handed_over(session: Session, visit: Visit, finding: VisitFinding, by: UUID | None) -> Iterator[PersonalMessage]:
    """That the authority was asked to deal with a finding, to the enterprise."""
    organizer = get_union(session, visit.organizer_id).name
    body = f"{organizer}已把督导意见书第 {finding.number} 条提请有关部门依法处理。整改照常进行。"
    step = f"handed_over:{finding.id.hex}"
    yield from _to_enterprise(session, visit, by, step, Message("督导问题已移送", body), "已移送")


def settled(session: Session, visit: Visit, finding: VisitFinding, by: UUID | None) -> Iterator[PersonalMessage]:
    """That the enterprise said how a major hazard is dealt with, to those who lead the visit."""
    enterprise = get_union(session, visit.enterprise_id).name if visit.enterprise_id is not None else ""
    message = Message("企业填了五落实", f"{enterprise}，督导意见书第 {finding.number} 条。")
    people = list_reviewers(session, visit.organizer_id, but=by)
    yield from _to_each(visit, people, f"settled:{finding.id.hex}:{finding.settled_at:%m%d%H%M}", message, "请查看")


def _to_enterprise(
    session: Session, visit: Visit, by: UUID | None, step: str, message: Message, outcome: str
) -> Iterator[PersonalMessage]:
    people = list_reviewers(session, visit.enterprise_id, but=by) if visit.enterprise_id is not None else ()
    yield from _to_each(visit, people, step, message, outcome)


def _to_each(
    visit: Visit, people: Collection[UUID], step: str, message: Message, outcome: str, page: str = ""
) -> Iterator[PersonalMessage]:
    for person_id in people:
        yield PersonalMessage(
            person_id=person_id, key=f"visit:{step}:{person_id.hex}", message=message,
            desk=f"/console/visits/{visit.id}", target=f"visit:{visit.id}" if page else None, what=visit.occasion,
            by_wechat=WechatNotice(f"visit.{step.partition(':')[0]}", Occasion.DESK, outcome, page),
        )  # fmt: skip
