"""Checking the audit log against its seals, batch by batch, so that millions of rows need little memory."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from server.core import clock
from server.core.audit.models import AuditEntry, AuditSeal
from server.core.audit.sealing import DIGEST_BYTES, FIRST_HASH, HASHED, made_at, row_digest, seal_hash

TOLERANCE = timedelta(minutes=15)  # the longest a transaction may take from writing a row to committing it
PAGE = 200  # seals
LONGEST_JUMP = 10_000  # seals made while a clock was ahead: a week of one a minute


class ProblemKind(StrEnum):
    """What was found."""

    CHANGED = "changed"
    REMOVED = "removed"
    SLIPPED_IN = "slipped_in"
    SEAL_BROKEN = "seal_broken"
    SEAL_MISSING = "seal_missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was sealed; `text` says so in Chinese."""

    kind: ProblemKind
    text: str
    seal_number: int | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Where the chain stands: the seal checked last."""

    number: int = 0
    hash: str = FIRST_HASH
    through: datetime | None = None


class Ends:
    """Until when the seals so far reach, without those made while the clock was ahead.

    What is sealed must not be older than what was sealed before: it would have been slipped in. A seal dated later than
    one that follows it proves nothing of the kind.
    """

    def __init__(self) -> None:
        self._ends: deque[datetime] = deque(maxlen=LONGEST_JUMP)

    def before(self, moment: datetime) -> datetime | None:
        """The last end not after `moment`, at which the next seal was made."""
        while self._ends and self._ends[-1] > moment:
            self._ends.pop()
        return self._ends[-1] if self._ends else None

    def note(self, through: datetime) -> None:
        """Another seal's end."""
        self._ends.append(through)


def verify(session: Session, anchor: tuple[int, str] | None = None) -> Iterator[Problem]:
    """Everything that is wrong, in the order of the seals.

    `anchor`: number and hash of a seal noted elsewhere earlier. Without one, whoever can rewrite the whole database,
    seals and all, or cut off its end, leaves a chain that fits.
    """
    link, ends = Link(), Ends()
    while seals := _next_seals(session, link.number):
        for seal in seals:
            yield from _check_chain(seal, link, anchor)
            yield from _check_rows(session, seal, ends.before(seal.sealed_at))
            link = Link(seal.number, seal.hash, seal.through)
            ends.note(seal.through)
    if anchor is not None and anchor[0] > link.number:
        yield Problem(ProblemKind.SEAL_MISSING, f"封存 {anchor[0]} 不见了：现在只有 {link.number} 个", anchor[0])
    yield from _check_unsealed(session, ends.before(clock.now()))


def last_seal(session: Session) -> Link:
    """The newest seal, fit to be noted elsewhere as an anchor."""
    row = session.execute(
        select(AuditSeal.number, AuditSeal.hash, AuditSeal.through).order_by(AuditSeal.number.desc()).limit(1)
    ).one_or_none()
    return Link(row.number, row.hash, row.through) if row else Link()


def _next_seals(session: Session, after: int) -> list[Row[Any]]:
    statement = select(*AuditSeal.__table__.c).where(AuditSeal.number > after).order_by(AuditSeal.number).limit(PAGE)
    return list(session.execute(statement))


def _check_chain(seal: Row[Any], link: Link, anchor: tuple[int, str] | None) -> Iterator[Problem]:
    number = seal.number
    for missing in range(link.number + 1, number):
        yield Problem(ProblemKind.SEAL_MISSING, f"封存 {missing} 不见了", missing)
    if number == link.number + 1 and seal.previous_hash != link.hash:
        yield Problem(ProblemKind.SEAL_BROKEN, f"封存 {number} 与前一个封存接不上", number)
    wanted = seal_hash(number, seal.previous_hash, seal.digests, seal.through, seal.sealed_at)
    if seal.hash != wanted or seal.rows * DIGEST_BYTES != len(seal.digests):
        yield Problem(ProblemKind.SEAL_BROKEN, f"封存 {number} 被改动过", number)
    if anchor is not None and anchor[0] == number and anchor[1] != seal.hash:
        yield Problem(ProblemKind.SEAL_BROKEN, f"封存 {number} 与另外保存的哈希不同：日志被整个改写过", number)


def _check_rows(session: Session, seal: Row[Any], through: datetime | None) -> Iterator[Problem]:
    sealed = {
        UUID(bytes=seal.digests[start : start + 16]): seal.digests[start + 16 : start + DIGEST_BYTES]
        for start in range(0, len(seal.digests) - DIGEST_BYTES + 1, DIGEST_BYTES)
    }
    rows = session.execute(select(*HASHED).where(AuditEntry.seal_number == seal.number).order_by(AuditEntry.id))
    for row in rows.yield_per(1000):
        digest = sealed.pop(row.id, None)
        if digest is None:
            yield _problem(ProblemKind.SLIPPED_IN, row.id, seal.number, "不在封存名单里，是后来插入的")
        elif digest != row_digest(row):
            yield _problem(ProblemKind.CHANGED, row.id, seal.number, "内容被改动过")
        elif _is_too_old(row, through):
            yield _problem(ProblemKind.SLIPPED_IN, row.id, seal.number, "时间早于前一个封存，是补插的")
    for missing in sealed:
        yield _problem(ProblemKind.REMOVED, missing, seal.number, "不见了")


def _check_unsealed(session: Session, through: datetime | None) -> Iterator[Problem]:
    """Rows without a seal that are older than the last one: it would have taken them in, had they been there."""
    if through is None:
        return
    limit = through - TOLERANCE
    oldest_possible = UUID(int=int(limit.timestamp() * 1000) << 80)
    rows = session.execute(
        select(AuditEntry.id, AuditEntry.at)
        .where(AuditEntry.seal_number.is_(None), or_(AuditEntry.id < oldest_possible, AuditEntry.at < limit))
        .order_by(AuditEntry.id)
    )
    for row in rows.yield_per(1000):
        yield _problem(ProblemKind.SLIPPED_IN, row.id, None, "时间早于最后一个封存却没有封存，是后来插入的")


def _is_too_old(row: Row[Any], through: datetime | None) -> bool:
    return through is not None and min(row.at, made_at(row.id)) < through - TOLERANCE


def _problem(kind: ProblemKind, entry_id: UUID, number: int | None, what: str) -> Problem:
    when = clock.in_shanghai(made_at(entry_id))
    where = f"封存 {number}，" if number else ""
    return Problem(kind, f"{where}记录 {entry_id}（{when:%Y-%m-%d %H:%M:%S}）：{what}", number, entry_id)
