"""What accounts announce."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    """All sessions of somebody ended: nobody shall stay in, nor come in again without the password."""

    name: ClassVar[str] = "account.sessions_ended"

    account_id: UUID


class SecurityChange(StrEnum):
    """How an account's way in changed."""

    PHONE_LINKED = "phone_linked"
    PHONE_UNLINKED = "phone_unlinked"
    PASSWORD_SET = "password_set"
    TOTP_ON = "totp_on"
    TOTP_OFF = "totp_off"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityChanged(Event):
    """Somebody's account is signed in to in another way. `phone`: whose it was linked to or is."""

    name: ClassVar[str] = "account.security_changed"

    account_id: UUID
    username: str
    change: SecurityChange
    phone: UUID | None = None
