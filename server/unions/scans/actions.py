"""Writes of codes. Each move is one conditional UPDATE: of two at once, one is made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.unions.accounts.actions import get_account_of, publish_change
from server.unions.accounts.events import SecurityChange
from server.unions.accounts.sessions.actions import Visitor
from server.unions.accounts.sessions.tokens import hash_token, new_token
from server.unions.people.selves.queries import note_linked
from server.unions.scans.codes.scenes import new_scan_code
from server.unions.scans.models import LinkedPhone, Scan, ScanPurpose, ScanState
from server.unions.scans.queries import get_account_for, get_scan_by_code, scan_expired

LIFETIME = timedelta(minutes=2)
TO_ENTER = timedelta(seconds=30)  # from the confirmation to the browser's next look


@dataclass(frozen=True, slots=True, repr=False)
class NewScan:
    """What goes onto the screen (`code`) and into the browser's cookie (`browser`)."""

    code: str
    browser: str


def begin_scan(
    session: Session, purpose: ScanPurpose, *, account_id: UUID | None, visitor: Visitor, wanted: str, now: datetime
) -> NewScan:
    """A code for this browser alone. `account_id`: whose account a phone is to be linked to."""
    scan = NewScan(new_scan_code(), new_token())
    session.execute(
        insert(Scan).values(
            id=ids.new_id(),
            code_hash=hash_token(scan.code),
            browser_hash=hash_token(scan.browser),
            purpose=purpose,
            state=ScanState.WAITING,
            account_id=account_id,
            address=visitor.address[:45],
            user_agent=visitor.user_agent[:200],
            wanted=wanted,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return scan


def look_at_scan(session: Session, code: str, *, person_id: UUID, now: datetime) -> Scan:
    """Somebody scans: the code is theirs from now on. Raises NotFound, Forbidden without an account, Conflict."""
    scan = get_scan_by_code(session, code, now)
    get_account_for(session, scan, person_id)
    _move(session, scan, ScanState.WAITING, ScanState.SEEN, person_id, now)
    session.refresh(scan)
    if scan.person_id != person_id:
        raise Conflict("这个二维码已经有人扫过了，请在电脑上换一个再扫。", code="scan_taken")
    return scan


def decide_scan(session: Session, scan_id: UUID, *, confirm: bool, person_id: UUID, now: datetime) -> Scan:
    """Whoever scanned confirms or refuses; the same answer twice is one. Raises NotFound, Conflict."""
    scan = session.get(Scan, scan_id)
    if scan is None or scan.person_id != person_id or scan.expires_at <= now:
        raise scan_expired()
    wanted = ScanState.CONFIRMED if confirm else ScanState.REFUSED
    account_id = get_account_for(session, scan, person_id).person_id
    if _move(session, scan, ScanState.SEEN, wanted, person_id, now):
        _follow_up(session, scan, account_id, confirm=confirm, person_id=person_id, now=now)
    session.refresh(scan)
    if scan.state not in ({wanted, ScanState.USED} if confirm else {wanted}):
        raise Conflict("你已经处理过这次登录了。", code="scan_decided")
    return scan


def enter_by_scan(session: Session, browser: str, *, now: datetime) -> Scan | None:
    """Use up a confirmed code, in the browser that shows it; None if there is none."""
    scan_id = session.scalar(
        update(Scan)
        .where(
            Scan.browser_hash == hash_token(browser),
            Scan.purpose == ScanPurpose.SIGN_IN,
            Scan.state == ScanState.CONFIRMED,
            Scan.expires_at > now,
        )
        .values(state=ScanState.USED)
        .returning(Scan.id)
    )
    return session.get(Scan, scan_id) if scan_id is not None else None


def finish_link(session: Session, browser: str, *, account_id: UUID, now: datetime) -> bool:
    """The browser agrees to the phone that it was shown: it signs in from now on. False if it is too late."""
    person_id = session.scalar(
        update(Scan)
        .where(
            Scan.browser_hash == hash_token(browser),
            Scan.purpose == ScanPurpose.LINK,
            Scan.state == ScanState.CONFIRMED,
            Scan.account_id == account_id,
            Scan.expires_at > now,
        )
        .values(state=ScanState.USED)
        .returning(Scan.person_id)
    )
    if person_id is None:
        return False
    before = session.scalar(select(LinkedPhone.account_id).where(LinkedPhone.person_id == person_id))
    if before is not None:
        unlink_phone(session, person_id, account_id=before, actor_id=account_id, now=now)
    session.add(LinkedPhone(person_id=person_id, account_id=account_id, linked_at=now))
    session.flush()
    note_linked(session, person_id, account_id, now)
    _record(session, "account.phone_linked", account_id, account_id, now, person_id=str(person_id))
    account = get_account_of(session, account_id)
    publish_change(session, account, SecurityChange.PHONE_LINKED, actor_id=account_id, now=now, phone=person_id)
    return True


def unlink_phone(session: Session, person_id: UUID, *, account_id: UUID, actor_id: UUID | None, now: datetime) -> None:
    """A phone may not sign in to the account any more. Raises NotFound."""
    gone = session.scalar(
        delete(LinkedPhone)
        .where(LinkedPhone.person_id == person_id, LinkedPhone.account_id == account_id)
        .returning(LinkedPhone.person_id)
    )
    if gone is None:
        raise NotFound("这部手机已经解除绑定了。", code="phone_not_linked")
    session.execute(delete(Scan).where(Scan.person_id == person_id, Scan.account_id == account_id))
    _record(session, "account.phone_unlinked", account_id, actor_id, now, person_id=str(person_id))
    account = get_account_of(session, account_id)
    publish_change(session, account, SecurityChange.PHONE_UNLINKED, actor_id=actor_id, now=now, phone=person_id)


def unlink_all(session: Session, account_id: UUID, *, actor_id: UUID | None, now: datetime) -> None:
    """No phone signs in to the account any more, nor does a code confirmed just now."""
    phones = session.scalars(select(LinkedPhone.person_id).where(LinkedPhone.account_id == account_id)).all()
    for person_id in phones:
        unlink_phone(session, person_id, account_id=account_id, actor_id=actor_id, now=now)
    session.execute(delete(Scan).where(Scan.account_id == account_id))


def forget_scans(session: Session, now: datetime) -> None:
    """Remove codes that have run out."""
    session.execute(delete(Scan).where(Scan.expires_at < now - LIFETIME))


def _move(session: Session, scan: Scan, before: ScanState, after: ScanState, person_id: UUID, now: datetime) -> bool:
    mine = Scan.person_id.is_(None) if before is ScanState.WAITING else Scan.person_id == person_id
    moved = session.scalar(
        update(Scan)
        .where(Scan.id == scan.id, Scan.state == before, Scan.expires_at > now, mine)
        .values(state=after, person_id=person_id)
        .returning(Scan.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def _follow_up(
    session: Session, scan: Scan, account_id: UUID, *, confirm: bool, person_id: UUID, now: datetime
) -> None:
    """What a decision brings about, and its row in the log."""
    if confirm:
        left = LIFETIME if scan.purpose is ScanPurpose.LINK else TO_ENTER  # a person agrees, or the page looks again
        session.execute(
            update(Scan)
            .where(Scan.id == scan.id)
            .values(account_id=account_id, expires_at=now + left)
            .execution_options(synchronize_session=False)
        )
    action = "sign_in.scan_confirmed" if confirm else "sign_in.scan_refused"
    _record(session, action, account_id, person_id, now, address=scan.address, purpose=scan.purpose.value)


def _record(
    session: Session, action: str, account_id: UUID, actor_id: UUID | None, now: datetime, **detail: str
) -> None:
    record(session, action, subject_type="person", subject_id=account_id, actor_id=actor_id, at=now, detail=detail)
