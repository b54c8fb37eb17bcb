"""Reads of content checks: what is asked about, what is held, what a reviewer is told."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.core.prepared import PreparedIn
from server.review.rectification.models import Rectification, RectificationStep
from server.review.safety.models import CheckState, SafetyCheck, Source
from server.review.safety.rules import label_text, reason_text
from server.review.submissions.kinds.registry import read_content
from server.review.submissions.models import Answer, Submission
from server.unions.people.models import WechatIdentity

SOURCE_TEXTS = {
    Source.REPORT: "文字",
    Source.ANSWER: "补充的文字",
    Source.REOPENING: "反馈没整改好的文字",
    Source.PHOTO: "照片",
}


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """What somebody wrote, and which photos came with it."""

    submission_id: UUID
    batch_id: UUID | None
    words: str


def read_words(session: Session, source: Source, subject_id: UUID) -> Words | None:
    """The words of a report, an answer or a reopening. None if it is gone."""
    if source is Source.REPORT:
        submission = session.get(Submission, subject_id)
        if submission is None:
            return None
        content = read_content(session, submission.kind, submission.id)
        return Words(submission.id, None, "\n".join(filter(None, (submission.place, content.description))))
    if source is Source.ANSWER:
        answer = session.get(Answer, subject_id)
        return Words(answer.submission_id, answer.id, answer.text) if answer is not None else None
    step = session.get(RectificationStep, subject_id)
    if step is None:
        return None
    row = session.get_one(Rectification, step.rectification_id)
    evidence = (step.data or {}).get("evidence_id")
    return Words(row.submission_id, UUID(evidence) if evidence else step.id, step.text or "")


def find_openid(session: Session, submission_id: UUID, app_id: str) -> str | None:
    """Who the reporter is to the mini program."""
    return session.scalar(
        select(WechatIdentity.openid)
        .join(Submission, Submission.reporter_id == WechatIdentity.person_id)
        .where(Submission.id == submission_id, WechatIdentity.app_id == app_id)
        .order_by(WechatIdentity.id.desc())
        .limit(1)
    )


def held_condition(submission_id: InstrumentedAttribute[UUID] | ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether anything of that submission is held: what others may not see."""
    return exists().where(SafetyCheck.submission_id == submission_id, SafetyCheck.state == CheckState.HELD)


_CHECKS = cast(Table, SafetyCheck.__table__).c
_HELD = PreparedIn(
    lambda ids: select(_CHECKS.submission_id).where(_CHECKS.submission_id.in_(ids), _CHECKS.state == CheckState.HELD)
)


def find_held(session: Session, submission_ids: Collection[UUID]) -> set[UUID]:
    """Those of the submissions of which something is held."""
    if not submission_ids:
        return set()
    return {submission_id for (submission_id,) in _HELD.execute(session.connection(), list(submission_ids))}


@dataclass(frozen=True, slots=True)
class SafetyView:
    """What a reviewer is told. `held` like “照片（色情）”; `unchecked` like “文字：微信没有答复”."""

    held: list[str]
    released: list[str]
    unchecked: list[str]
    waiting: int
    release_reason: str | None


def describe_safety(session: Session, submission_id: UUID) -> SafetyView:
    """What was found about a submission, and what is not known."""
    statement = select(SafetyCheck).where(SafetyCheck.submission_id == submission_id).order_by(SafetyCheck.id)
    checks = session.scalars(statement).all()
    by_state: dict[CheckState, list[SafetyCheck]] = {state: [] for state in CheckState}
    for check in checks:
        by_state[check.state].append(check)
    released = by_state[CheckState.RELEASED]
    return SafetyView(
        held=_counted([_found(check) for check in by_state[CheckState.HELD]]),
        released=_counted([_found(check) for check in released]),
        unchecked=_counted(
            [f"{SOURCE_TEXTS[check.source]}：{reason_text(check.reason)}" for check in by_state[CheckState.UNCHECKED]]
        ),
        waiting=len(by_state[CheckState.WAITING]) + len(by_state[CheckState.ASKED]),
        release_reason=released[-1].release_reason if released else None,
    )


def _found(check: SafetyCheck) -> str:
    doubt = "疑似" if check.suggest == "review" else ""
    return f"{SOURCE_TEXTS[check.source]}（{doubt}{label_text(check.label)}）"


def _counted(texts: list[str]) -> list[str]:
    """Each once, with how often where it is more than once."""
    counts = {each: texts.count(each) for each in texts}
    return [f"{each}×{count}" if count > 1 else each for each, count in counts.items()]
