"""The published file of a draw: what scripts/verify_draw reads. It never holds a name or an id."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.db import Database
from server.kit.draws.algorithm import FORMAT
from server.rewards.draws.models import Draw, DrawEntry, DrawMove, DrawPlace, DrawStatus, DrawStep
from server.rewards.draws.texts import ALGORITHM

CHUNK = 5000


def write_file(database: Database, draw_id: UUID) -> Iterator[str]:
    """The file's text, piece by piece: a long list is never held as a whole."""
    with database.reading() as session:
        draw = session.get_one(Draw, draw_id)
        head = json.dumps(_head(session, draw), ensure_ascii=False, indent=1)
        if draw.frozen_at is None:
            yield f"{head}\n"
            return
        yield f'{head[:-2]},\n "entrants": ['
        before = "\n"
        for hashes in _hashes(session, draw_id):
            yield before + ",\n".join(f'  "{each}"' for each in hashes)
            before = ",\n"
        yield "\n ]\n}\n"


def _head(session: Session, draw: Draw) -> dict[str, Any]:
    head: dict[str, Any] = {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "draw_id": str(draw.id),
        "status": draw.status,
        "terms": draw.terms,
        "terms_hash": draw.terms_hash,
    }
    if draw.frozen_at is not None:
        head["frozen_at"] = draw.frozen_at.isoformat()
        head["entrants_hash"] = draw.entrants_hash
        frozen = select(DrawStep).where(DrawStep.draw_id == draw.id, DrawStep.move == DrawMove.FREEZE)
        step = session.scalars(frozen).one()
        if "waived" in step.data:
            head["waived"] = {"people": len(step.data["waived"]), "reason": step.text}
    if draw.missing_at is not None:
        head["first_value_declared_missing_at"] = draw.missing_at.isoformat()
    if draw.status is DrawStatus.DRAWN:
        places = (
            select(DrawPlace, DrawEntry.hash)
            .join(DrawEntry, (DrawEntry.draw_id == DrawPlace.draw_id) & (DrawEntry.position == DrawPlace.position))
            .where(DrawPlace.draw_id == draw.id)
            .order_by(DrawPlace.place)
        )
        head |= {
            "seed": draw.seed,
            "public_value": draw.value,
            "public_value_is_fallback": draw.is_fallback,
            "places": [
                {"place": row.place, "position": row.position, "hash": hash_, "prize": row.prize}
                for row, hash_ in session.execute(places)
            ],
        }
    return head


def _hashes(session: Session, draw_id: UUID) -> Iterator[list[str]]:
    last = 0
    while True:
        statement = select(DrawEntry.hash).where(DrawEntry.draw_id == draw_id, DrawEntry.position > last)
        hashes = list(session.scalars(statement.order_by(DrawEntry.position).limit(CHUNK)))
        if not hashes:
            return
        yield hashes
        last += len(hashes)
