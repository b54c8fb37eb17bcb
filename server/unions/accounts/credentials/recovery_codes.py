"""Recovery codes: each is good once in place of a code of the second factor, for who has lost the phone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.unions.accounts.actions import get_account_of, publish_change
from server.unions.accounts.credentials.passwords import readable_secret
from server.unions.accounts.events import SecurityChange
from server.unions.accounts.models import Account, RecoveryCode
from server.unions.accounts.sessions.tokens import hash_token

CODES = 10


def make_recovery_codes(session: Session, account: Account, *, actor_id: UUID, now: datetime) -> list[str]:
    """A fresh set in place of the one before, to be shown once. Raises Conflict while the second factor is off."""
    if not account.totp_secret:
        raise Conflict("请先开启动态验证码。", code="totp_off")
    codes = [readable_secret() for _ in range(CODES)]
    rows = [
        {"id": ids.new_id(), "account_id": account.person_id, "code_hash": _hash(code), "created_at": now}
        for code in codes
    ]
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.person_id))
    session.execute(insert(RecoveryCode), rows)
    _record(session, "account.recovery_codes_made", account, actor_id, now)
    return codes


def replace_recovery_codes(session: Session, account: Account, *, actor_id: UUID, now: datetime) -> list[str]:
    """The same for who has a set already; the owner is told."""
    codes = make_recovery_codes(session, account, actor_id=actor_id, now=now)
    publish_change(session, account, SecurityChange.RECOVERY_CODES_MADE, actor_id=actor_id, now=now)
    return codes


def use_recovery_code(session: Session, person_id: UUID, code: str, now: datetime) -> bool:
    """Use up one of a person's codes, however it is spelled. False if it is none of theirs, or was used before."""
    mine = (RecoveryCode.account_id == person_id, RecoveryCode.code_hash == _hash(code), RecoveryCode.used_at.is_(None))
    used = session.execute(update(RecoveryCode).where(*mine).values(used_at=now).returning(RecoveryCode.id)).first()
    if used is None:
        return False
    account = get_account_of(session, person_id)
    _record(session, "account.recovery_code_used", account, person_id, now)
    publish_change(session, account, SecurityChange.RECOVERY_CODE_USED, actor_id=person_id, now=now)
    return True


def count_recovery_codes(session: Session, person_id: UUID) -> int:
    """How many a person has left."""
    mine = (RecoveryCode.account_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def _hash(code: str) -> str:
    """With 79 random bits a plain hash is enough, as for tokens."""
    return hash_token("".join(filter(str.isalnum, code.casefold())))


def _record(session: Session, action: str, account: Account, actor_id: UUID, now: datetime) -> None:
    record(session, action, subject_type="person", subject_id=account.person_id, actor_id=actor_id, at=now)
