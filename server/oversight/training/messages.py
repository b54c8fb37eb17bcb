"""What reviewers are told of sessions."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.messages import GroupMessage, Message, WechatNotice
from server.core.text import quoted
from server.kit.occasions import Occasion
from server.oversight.training.models import TrainingInvitation, TrainingSession
from server.unions.people.queries import list_reviewers, reviewers_of

MOST_TOLD = 300


def announced(session: Session, row: TrainingSession, by: UUID | None) -> Iterator[GroupMessage]:
    """That their union is asked to come, to the reviewers of each."""
    asked = session.scalars(
        select(TrainingInvitation.union_id).where(TrainingInvitation.session_id == row.id).limit(MOST_TOLD)
    ).all()
    when = in_shanghai(row.starts_at)
    body = f"{quoted(row.title)}，{when:%m月%d日 %H:%M}，{row.venue}。请安排职工参加。"
    people = {each for found in reviewers_of(session, asked).values() for each in found if each != by}
    yield _told(row, "announced", sorted(people), Message("培训通知", body), "待参加")


def returned(session: Session, row: TrainingSession, by: UUID | None) -> GroupMessage:
    """That papers came back."""
    body = f"{quoted(row.title)}的培训档案被退回：{row.reason}"
    people = list_reviewers(session, row.organiser_id, but=by)
    return _told(row, f"returned:{row.version}", people, Message("培训档案被退回", body), "待修改")


def _told(row: TrainingSession, step: str, people: list[UUID], message: Message, outcome: str) -> GroupMessage:
    return GroupMessage(
        people=people, key=f"training:{step}:{row.id}", message=message, desk=f"/console/training/{row.id}",
        by_wechat=WechatNotice(f"training.{step.split(':')[0]}", Occasion.DESK, outcome),
    )  # fmt: skip
