"""Reads of consents."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.unions.consents.models import PrivacyConsent
from server.unions.consents.rules import POLICY_VERSION


def find_consent(session: Session, person_id: UUID) -> PrivacyConsent | None:
    """The consent to the present policy that holds now."""
    return session.scalar(
        select(PrivacyConsent).where(
            PrivacyConsent.person_id == person_id,
            PrivacyConsent.version == POLICY_VERSION,
            PrivacyConsent.withdrawn_at.is_(None),
        )
    )
