"""Reads of consents."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.unions.consents.models import PrivacyConsent
from server.unions.policies.queries import holding_names


def find_consent(session: Session, person_id: UUID) -> PrivacyConsent | None:
    """The consent that holds now, to the present policy or to an earlier one that allowed no less; the newest."""
    return session.scalar(
        select(PrivacyConsent)
        .where(
            PrivacyConsent.person_id == person_id,
            PrivacyConsent.version.in_(holding_names()),
            PrivacyConsent.withdrawn_at.is_(None),
        )
        .order_by(PrivacyConsent.agreed_at.desc(), PrivacyConsent.id.desc())
        .limit(1)
    )
