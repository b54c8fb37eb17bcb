"""Issuing a rectification's papers: numbered and frozen, in the name of the actor's union, no two alike in a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.clock import day_of, in_shanghai
from server.core.errors import AppError, NotFound
from server.kit.documents.actions import issue_document, next_number
from server.kit.documents.models import Document
from server.kit.documents.papers.kinds import DocumentKind, freeze
from server.kit.documents.queries import find_document
from server.kit.documents.texts import default_mark, number_text
from server.kit.workflow import Guard, Party
from server.photos.models import Photo, PhotoState
from server.photos.queries import list_photos
from server.review.rectification.models import Rectification
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW, Context, lock_rectification
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.kinds.registry import read_content
from server.review.submissions.models import Submission
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationPaper:
    """A paper that a union issues of a rectification.

    `name` stands in addresses, `word` in its number; `party` says who may issue it, and `refuse` when they may not.
    `words_of` adds to what every paper says. `label`, `offer` and `empty` are for the page.
    """

    name: str
    kind: DocumentKind
    word: str
    action: str  # what the audit log calls issuing it
    party: Party[Rectification]
    refuse: Guard[Rectification]
    words_of: Callable[[Context], dict[str, Any]]
    label: str
    offer: str
    empty: str

    def refusal(self, context: Context) -> AppError | None:
        """Why the actor cannot issue one now: for the page and for the door."""
        return self.party.refuse(context) or self.refuse(context)


def issue_paper(
    session: Session, paper: RectificationPaper, rectification_id: UUID, *, actor: Actor, now: datetime
) -> Document:
    """Issue one in the name of the actor's union; while nothing has changed, the one that is there stands.

    Raises NotFound outside of the scope, Forbidden for who may not, Conflict when it is not the time.
    """
    row = lock_rectification(session, rectification_id, actor)
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now)
    refusal = paper.refusal(context)
    issuer = session.get(Union, paper.party.union_id(context)) if paper.party.union_id and refusal is None else None
    if issuer is None:
        raise refusal or NotFound()
    words = {"issuer_name": issuer.name, **_common_words(context), **paper.words_of(context)}
    latest = find_document(session, paper.kind, row.id)
    if latest is not None and latest.words == freeze(words):
        return latest
    year = in_shanghai(now).year
    number = next_number(session, f"rectification.{paper.name}", issuer_id=issuer.id, year=year)
    written = number_text(default_mark(issuer.short_name, issuer.name), paper.word, year, number)
    document = issue_document(
        session, paper.kind, owner_id=row.id, issuer_id=issuer.id, number=written, words=words, actor=actor, now=now
    )
    session.flush()
    record(
        session, paper.action, subject_type="rectification", subject_id=row.id, actor_id=actor.person_id, at=now,
        detail={"number": written, "content_hash": document.content_hash},
    )  # fmt: skip
    return document


def _common_words(context: Context) -> dict[str, Any]:
    """What every paper says of the hazard. Nothing here tells who reported it."""
    session, row = context.session, context.row
    submission = session.get_one(Submission, row.submission_id)
    campaign = campaign_facts(session, row.campaign_id)
    return {
        "addressee_name": context.snapshot.addressee_name,
        "hazard_number": submission.number or "",
        "place": row.place,
        "category": campaign.category_name(row.category),
        "grade": campaign.grades.get(row.grade, ""),
        "description": _description(session, submission) or row.excerpt,
        "measures": row.measures,
        "responsible": row.responsible,
        "due_on": day_of(row.due_at).isoformat(),
        "photos": [photo_words(each) for each in photos_before(context)],
    }


def _description(session: Session, submission: Submission) -> str:
    """Papers go to whoever puts it right: what was sent past an enterprise is not told there."""
    if submission.kept_from_id is not None:
        return ""
    return read_content(session, submission.kind, submission.id).description


def photos_before(context: Context) -> list[Photo]:
    """What the reporter showed, where it can be shown."""
    return [each for each in photos_of(context) if each.purpose in REPORT_PURPOSES]


def photos_of(context: Context) -> list[Photo]:
    """All photos of the hazard that can be shown."""
    submission_id = context.row.submission_id
    photos = list_photos(context.session, [submission_id])[submission_id]
    return [each for each in photos if each.state is PhotoState.READY]


def photo_words(photo: Photo) -> dict[str, str]:
    """A photo as words keep it."""
    return {"id": str(photo.id), "sha256": photo.sha256}
