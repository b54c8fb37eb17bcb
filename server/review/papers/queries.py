"""What a hazard's own sheet says, and the papers of many rows."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.kit.documents.files.store import paper_of
from server.kit.documents.models import Document
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.scope import area_of, union_names
from server.photos.models import Photo, PhotoState
from server.photos.queries import list_photos
from server.review.papers.document import in_words
from server.review.queue.item.history import list_history
from server.review.queue.item.queries import describe_reporter
from server.review.rectification.history.for_reviewers import list_history as list_rectification_history
from server.review.rectification.models import Rectification, RectifyMove, RectifyStatus
from server.review.rectification.papers.issuing import photo_words
from server.review.rectification.queries import find_rectification, latest_after
from server.review.rectification.texts import MOVE_TITLES, STATUS_TEXTS, way_text
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.anonymity.identity import ANONYMOUS
from server.review.submissions.kinds.registry import kind_of, read_content
from server.review.submissions.models import Move, Submission
from server.review.submissions.texts import status_text
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.roles import CONSOLE

Facts = list[tuple[str, str | None]]


def list_sheets(session: Session, actor: Actor, submission_ids: Sequence[UUID], _now: datetime) -> list[Paper]:
    """The sheets of those that the actor may see, by number."""
    rows = session.scalars(select(Submission).where(*_visible(submission_ids, actor)).order_by(Submission.number)).all()
    return [Paper(_sheet(session, row, actor), row.number) for row in rows]


def visible_submissions(session: Session, submission_ids: Iterable[UUID], actor: Actor) -> Sequence[UUID]:
    """Those of them that the actor may see."""
    return session.scalars(select(Submission.id).where(*_visible(submission_ids, actor))).all()


def _visible(submission_ids: Iterable[UUID], actor: Actor) -> tuple[ColumnElement[bool], ...]:
    is_one = Submission.id.in_(submission_ids)
    return is_one, Submission.arrived_at.is_not(None), in_scope(actor, Submission, CONSOLE)


def issued_papers(kind: DocumentKind) -> Callable[[Session, Actor, Sequence[UUID], datetime], list[Paper]]:
    """The newest paper of a kind of each rectification that the actor may see, in the order of their issue."""

    def read(session: Session, actor: Actor, rectification_ids: Sequence[UUID], _now: datetime) -> list[Paper]:
        found = session.scalars(
            select(Document)
            .join(Rectification, Rectification.id == Document.owner_id)
            .where(
                Document.kind == kind.name,
                Document.owner_id.in_(rectification_ids),
                in_scope(actor, Rectification, CONSOLE),
            )
            .order_by(Document.issued_at, Document.id)
        ).all()
        newest = {each.owner_id: each for each in found}
        return [paper_of(each) for each in newest.values()]

    return read


def rectifications_of(session: Session, submission_ids: Iterable[UUID], actor: Actor) -> dict[UUID, UUID]:
    """The rectification that stands of each of these submissions, by submission."""
    rows = session.execute(
        select(Rectification.submission_id, Rectification.id).where(
            Rectification.submission_id.in_(submission_ids),
            Rectification.status != RectifyStatus.VOIDED,
            in_scope(actor, Rectification, CONSOLE),
        )
    )
    return {row.submission_id: row.id for row in rows}


def submissions_of(session: Session, rectification_ids: Iterable[UUID], actor: Actor) -> dict[UUID, UUID]:
    """The submission that each of these rectifications is of, by rectification."""
    rows = session.execute(
        select(Rectification.id, Rectification.submission_id).where(
            Rectification.id.in_(rectification_ids), in_scope(actor, Rectification, CONSOLE)
        )
    )
    return {row.id: row.submission_id for row in rows}


# --- what a sheet says ------------------------------------------------------------------------------------------------


def _sheet(session: Session, submission: Submission, actor: Actor) -> dict[str, Any]:
    kind = kind_of(submission.kind)
    shown = [each for each in list_photos(session, [submission.id])[submission.id] if each.state is PhotoState.READY]
    rectification = find_rectification(session, submission.id) if kind.is_rectified else None
    after = latest_after(session, rectification.id, shown) if rectification is not None else []
    return {
        "title": f"{kind.words.name}登记表",
        "number": submission.number or "",
        "facts": [*_facts(session, submission, actor), *_videos(shown)],
        "steps": _steps(session, submission, actor),
        "rectification": (
            _rectification(session, rectification, submission, actor) if rectification is not None else None
        ),
        "photos": [photo_words(each) for each in shown if each.purpose in REPORT_PURPOSES],
        "after": [photo_words(each) for each in after],
    }


def _videos(photos: Sequence[Photo]) -> Facts:
    """What paper cannot show."""
    lengths = [f"{round(each.seconds or 0)} 秒" for each in photos if each.is_video]
    return [("视频", f"{'、'.join(lengths)}，照片里有其中一帧；原样在系统里播放")] if lengths else []


def _facts(session: Session, submission: Submission, actor: Actor) -> Facts:
    words, campaign = kind_of(submission.kind).words, campaign_facts(session, submission.campaign_id)
    content = read_content(session, submission.kind, submission.id)
    places = (submission.district_id, submission.town_id, submission.enterprise_id, submission.routed_union_id)
    names = union_names(session, places)
    at = content.coordinates
    return [
        ("单位", names[submission.enterprise_id].name if submission.enterprise_id else None),
        ("地点", "\n".join(filter(None, (submission.place, area_of(names, submission))))),
        *([("坐标", f"{at.latitude:.5f}, {at.longitude:.5f}")] if at is not None else []),
        ("类别", campaign.category_name(submission.category)),
        ("等级", campaign.grades.get(submission.grade) if submission.grade is not None else None),
        (f"{words.name}情况", content.description or submission.excerpt),
        (words.reporter, _reporter(session, submission, actor)),
        (f"{words.sent}日期", in_words(day_of(submission.created_at).isoformat())),
        ("处理单位", names[submission.routed_union_id].name),
        ("状态", status_text(submission.kind, submission.status)),
    ]


def _reporter(session: Session, submission: Submission, actor: Actor) -> str:
    """Never the name of an anonymous one, though some who may print it may know."""
    if submission.is_anonymous:
        return ANONYMOUS
    return describe_reporter(session, submission, actor).name or "没有留姓名"


def _steps(session: Session, submission: Submission, actor: Actor) -> list[dict[str, str]]:
    """What was done, without what unions say among themselves."""
    history = list_history(session, submission, campaign_facts(session, submission.campaign_id), actor)
    return [
        {
            "on": day_of(each.at).isoformat(),
            "title": each.title.replace("你", "职工"),
            "by": "\n".join(filter(None, (each.by, each.union_name))),
            "text": "\n".join(filter(None, (each.detail, each.public_text))),
        }
        for each in history
        if not each.is_internal and each.move is not Move.DISCLOSE
    ]


def _rectification(session: Session, row: Rectification, submission: Submission, actor: Actor) -> dict[str, Any]:
    names = union_names(session, (row.addressee_id, row.issuer_id))
    by_reporter = row.closed_by_id == submission.reporter_id
    closed = f"{in_words(day_of(row.closed_at).isoformat())}，" if row.closed_at else ""
    facts: Facts = [
        ("责任单位", names[row.addressee_id].name),
        ("发出单位", names[row.issuer_id].name),
        ("整改建议", row.measures),
        ("责任人", row.responsible),
        ("整改期限", in_words(day_of(row.due_at).isoformat())),
        ("进展", STATUS_TEXTS[row.status]),
        *([("销号", f"{closed}{way_text(row.recheck_way, by_reporter=by_reporter)}")] if closed else []),
    ]
    steps = [
        {
            "on": day_of(each.at).isoformat(),
            "title": each.title,
            "by": "\n".join(filter(None, (each.by, each.union_name))),
            "text": "\n".join(filter(None, (each.detail, each.text))),
        }
        for each in list_rectification_history(session, row, submission, actor, (), {})
        if each.move is not RectifyMove.NOTE or each.title != MOVE_TITLES[RectifyMove.NOTE]
    ]
    return {"facts": facts, "steps": steps}
