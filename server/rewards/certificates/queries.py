"""Reads of certificates."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.rewards.certificates.models import Certificate
from server.rewards.certificates.printing.codes import read_code


def find_by_code(session: Session, typed: str) -> Certificate | None:
    """The certificate with a code as somebody typed it."""
    code = read_code(typed)
    return session.scalar(select(Certificate).where(Certificate.code == code)) if code else None


def get_own(session: Session, contest_id: UUID, person_id: UUID) -> Certificate:
    """Somebody's certificate of a contest. Raises NotFound until they have finished it."""
    where = (Certificate.contest_id == contest_id, Certificate.person_id == person_id)
    certificate = session.scalar(select(Certificate).where(*where))
    if certificate is None:
        raise NotFound("还没有证书，通过全部关卡后就有了。")
    return certificate
