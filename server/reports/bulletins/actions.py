"""Writes of reports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import in_shanghai
from server.kit.documents.actions import issue_document, next_number
from server.kit.documents.texts import default_mark, number_text
from server.kit.scope import ancestors_of
from server.reports.bulletins.document import BULLETIN_DOCUMENT
from server.reports.bulletins.models import Bulletin, BulletinKind
from server.reports.bulletins.texts import WORDS
from server.unions.actor import Actor
from server.unions.tree.models import Union


def issue_bulletin(
    session: Session, kind: BulletinKind, union: Union, issuer: Union, days: tuple[date, date],
    *, campaign_id: UUID | None, words: dict[str, Any], actor: Actor, now: datetime, corrects: Bulletin | None = None,
    reason: str = "",
) -> Bulletin:  # fmt: skip
    """Number a report and freeze what it says. `corrects`: one that it puts right, which is held."""
    year = in_shanghai(now).year
    number = number_text(
        default_mark(issuer.short_name, issuer.name), WORDS[kind], year,
        next_number(session, f"bulletin.{kind}", issuer_id=issuer.id, year=year),
    )  # fmt: skip
    bulletin = Bulletin(
        id=ids.new_id(), kind=kind, union_id=union.id, issuer_id=issuer.id, campaign_id=campaign_id,
        title=words["title"], number=number, since=days[0], until=days[1], issued_at=now,
        corrects_id=corrects.id if corrects is not None else None, reason=reason if corrects is not None else None,
        **ancestors_of(union),
    )  # fmt: skip
    session.add(bulletin)
    document = issue_document(
        session, BULLETIN_DOCUMENT, owner_id=bulletin.id, issuer_id=issuer.id, number=number, words=words, actor=actor,
        now=now,
    )  # fmt: skip
    session.flush()
    corrected = {"corrects": corrects.number} if corrects is not None else {}
    record(
        session, "bulletin.issue", subject_type="bulletin", subject_id=bulletin.id, actor_id=actor.person_id, at=now,
        detail={"number": number, "content_hash": document.content_hash, **corrected},
    )  # fmt: skip
    return bulletin
