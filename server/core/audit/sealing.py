"""Seals: each holds a digest of every row of its batch, and the hash of these and of the seal before."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core.audit.models import AuditEntry, AuditSeal

log = structlog.get_logger(__name__)

BATCH = 200  # rows; on SQLite nobody else writes meanwhile
FIRST_HASH = "0" * 64  # what the first seal holds as the hash of the one before
DIGEST_BYTES = 48

HASHED = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.action,
    AuditEntry.actor_id,
    AuditEntry.subject_type,
    AuditEntry.subject_id,
    AuditEntry.detail,
    AuditEntry.request_id,
    AuditEntry.address,
)


def made_at(entry_id: UUID) -> datetime:
    """The instant within a UUIDv7."""
    return datetime.fromtimestamp((entry_id.int >> 80) / 1000, UTC)


def row_digest(row: Row[Any]) -> bytes:
    """SHA-256 over a row's canonical JSON: sorted keys, no spaces, times in UTC to the microsecond."""
    plain = {
        key: value.isoformat(timespec="microseconds")
        if isinstance(value, datetime)
        else (str(value) if isinstance(value, UUID) else value)
        for key, value in row._mapping.items()
    }
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).digest()


def seal_hash(number: int, previous_hash: str, digests: bytes, through: datetime, sealed_at: datetime) -> str:
    """What a seal's hash has to be."""
    header = [number, previous_hash, len(digests), through.isoformat(), sealed_at.isoformat()]
    return hashlib.sha256(json.dumps(header).encode() + b"\n" + digests).hexdigest()


def digests_of(rows: Sequence[Row[Any]]) -> bytes:
    """The digests of rows, in the order given."""
    return b"".join(row.id.bytes + row_digest(row) for row in rows)


def seal_batch(session: Session, now: datetime, limit: int = BATCH) -> int:
    """Seal the oldest rows that have no seal yet. Returns how many; 0 also if another sealer was first.

    Writers are not held up: rows of transactions still open are simply not seen, and sealed next time.
    """
    rows = session.execute(
        select(*HASHED).where(AuditEntry.seal_number.is_(None)).order_by(AuditEntry.id).limit(limit)
    ).all()
    if not rows:
        return 0
    last = session.execute(
        select(AuditSeal.number, AuditSeal.hash).order_by(AuditSeal.number.desc()).limit(1)
    ).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, FIRST_HASH)
    through = now if len(rows) < limit else min(made_at(rows[-1].id), now)
    digests = digests_of(rows)
    seal = AuditSeal(
        number=number,
        rows=len(rows),
        digests=digests,
        through=through,
        hash=seal_hash(number, previous, digests, through, now),
        previous_hash=previous,
        sealed_at=now,
    )
    try:
        with session.begin_nested():
            session.execute(insert(AuditSeal).values({c.name: getattr(seal, c.name) for c in AuditSeal.__table__.c}))
    except IntegrityError:
        return 0  # the number was taken while we were hashing
    session.execute(
        update(AuditEntry)
        .where(AuditEntry.id.in_([row.id for row in rows]))
        .values(seal_number=number)
        .execution_options(synchronize_session=False)
    )
    log.info("audit_sealed", number=number, rows=len(rows), hash=seal.hash)  # kept elsewhere, it anchors the chain
    return len(rows)
