"""Between the password and the session: who has passed the first check, kept for minutes in the signed form cookie."""

from datetime import datetime
from uuid import UUID

from flask import session as browser
from sqlalchemy.orm import Session

from server.core.errors import Unauthorized
from server.unions.sign_in.attempts.checking import Candidate, find_candidate_of

KEY = "signing_in"
SECONDS = 600


def remember(candidate: Candidate, *, passed_code: bool, wanted: str, now: datetime) -> None:
    """Keep that the checks so far were passed."""
    browser[KEY] = {
        "person": candidate.person_id.hex,
        "account": candidate.updated_at.isoformat(),
        "code": passed_code,
        "next": wanted,
        "at": int(now.timestamp()),
    }


def resume(session: Session, now: datetime) -> tuple[Candidate, bool, str]:
    """Who is signing in, whether the code was passed, where to go. Raises Unauthorized when it took too long or the
    account has changed since."""
    kept = browser.get(KEY)
    if isinstance(kept, dict) and 0 <= now.timestamp() - kept["at"] <= SECONDS:
        candidate = find_candidate_of(session, UUID(kept["person"]))
        if candidate is not None and candidate.updated_at.isoformat() == kept["account"]:
            return candidate, bool(kept["code"]), str(kept["next"])
    forget()
    raise Unauthorized("登录超时了，请重新输入登录名和密码。", code="sign_in_expired")


def forget() -> None:
    """Drop what was kept, and the form token with it, so that nothing outlives the sign-in."""
    browser.clear()
