"""Writes of consents."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.db import upsert
from server.core.errors import Conflict, NotFound
from server.unions.consents.models import PrivacyConsent
from server.unions.consents.queries import find_consent
from server.unions.policies.queries import list_holding


def give_consent(session: Session, person_id: UUID, version: str, *, now: datetime) -> PrivacyConsent:
    """Agree to the policy. Agreeing again changes nothing. Raises Conflict `consent_outdated` for a version of which
    a consent would not hold: there is a wider one since."""
    if version not in list_holding(session):
        raise Conflict("隐私说明已经更新，请更新页面，看过新的再同意。", code="consent_outdated")
    if _insert(session, person_id, version, now):
        _record(session, "consent.given", person_id, version, now)
    consent = find_consent(session, person_id)
    if consent is None:  # withdrawn on another phone at this very moment
        raise NotFound
    return consent


def withdraw_consent(session: Session, person_id: UUID, *, now: datetime) -> None:
    """Not agree any more. Nothing happens if nothing holds."""
    holding = (PrivacyConsent.person_id == person_id, PrivacyConsent.withdrawn_at.is_(None))
    ended = session.scalars(
        update(PrivacyConsent).where(*holding).values(withdrawn_at=now).returning(PrivacyConsent.version)
    ).all()
    if ended:
        _record(session, "consent.withdrawn", person_id, max(ended), now)


def _insert(session: Session, person_id: UUID, version: str, now: datetime) -> bool:
    """Whether it is new: of two phones at once, one is."""
    table: Table = PrivacyConsent.metadata.tables[PrivacyConsent.__tablename__]
    statement = (
        upsert(table)
        .values(id=ids.new_id(), person_id=person_id, version=version, agreed_at=now)
        .on_conflict_do_nothing(index_elements=["person_id", "version"], index_where=table.c.withdrawn_at.is_(None))
        .returning(table.c.id)
    )
    return session.scalar(statement) is not None


def _record(session: Session, action: str, person_id: UUID, version: str, now: datetime) -> None:
    record(
        session, action, subject_type="person", subject_id=person_id, actor_id=person_id, at=now,
        detail={"policy": version},
    )  # fmt: skip
