"""The draw of those whom a union checks itself: the algorithm of prize draws, without a public value.

The seed is made, and its hash shown, before the list is known; then the list is what has been handed in by the moment
of the draw. Every draw that was promised stays on the page, so that nobody draws until it suits them.
"""

import math
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.queries import LATEST
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.kit.draws.algorithm import (
    FORMAT,
    draw_positions,
    hash_entrant,
    hash_entrants,
    hash_seed,
    hash_terms,
    random_words,
)
from server.oversight.inspections.models import SpotCheck, SpotDraw
from server.oversight.inspections.permissions import MAY_LEAD
from server.oversight.inspections.queries import HANDED_IN, get_inspection
from server.oversight.inspections.schemas import DrawIn
from server.unions.actor import SCOPE_COLUMNS, Actor, RoleAt, in_scope
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import RANK

NO_VALUE = ""  # there is no public value: nobody wins anything


def leading_role(actor: Actor) -> RoleAt:
    """The highest union in whose name the actor checks. Raises Forbidden."""
    leading = [role for role in actor.roles if role.role in MAY_LEAD]
    if not leading:
        raise Forbidden("由上级工会抽查。")
    return min(leading, key=lambda role: RANK[role.level])


def promise_draw(session: Session, assignment_id: UUID, form: DrawIn, *, actor: Actor, now: datetime) -> SpotDraw:
    """Fix the seed of a draw, before anybody can know the list."""
    assignment, role = get_inspection(session, assignment_id, actor), leading_role(actor)
    draw_id = ids.new_id()
    seed = secrets.token_hex(32)
    terms = {
        "format": FORMAT, "draw_id": str(draw_id), "assignment_id": str(assignment.id), "union_id": str(role.union_id),
        "percent": form.percent, "seed_hash": hash_seed(seed), "promised_at": now.isoformat(),
    }  # fmt: skip
    draw = SpotDraw(
        id=draw_id, assignment_id=assignment.id, union_id=role.union_id, seed=seed, terms=terms, entrants=[],
        promised_by_id=actor.person_id, promised_at=now,
    )  # fmt: skip
    session.add(draw)
    session.flush()
    _record(session, "inspection.draw_promised", draw, actor, now, {"percent": form.percent})
    return draw


def hold_draw(session: Session, draw_id: UUID, *, actor: Actor, now: datetime) -> SpotDraw:
    """Take the list as it is now, and draw. Raises Conflict if it was drawn, or nobody has handed anything in."""
    draw = get_draw(session, draw_id, actor, lock=True)
    role = leading_role(actor)
    if role.union_id != draw.union_id:
        raise Forbidden("由准备这次抽查的工会来抽。")
    if draw.drawn_at is not None:
        raise Conflict("已经抽过了，结果不会再变。", code="drawn_already")
    assignment = get_inspection(session, draw.assignment_id, actor)
    handed_in = session.scalars(
        select(Recipient.id).where(
            Recipient.root_id == assignment.root_id, Recipient.level == Level.ENTERPRISE,
            Recipient.status.in_(HANDED_IN), getattr(Recipient, SCOPE_COLUMNS[role.level]) == role.union_id,
        )
    ).all()  # fmt: skip
    if not handed_in:
        raise Conflict("还没有企业交上来，等有了再抽。", code="nobody_finished")
    draw.entrants = [str(each) for each in sorted(handed_in, key=lambda each: hash_entrant(str(draw.id), each))]
    draw.drawn_at, draw.drawn_by_id = now, actor.person_id
    for place, recipient_id in enumerate(drawn(draw), 1):
        session.add(SpotCheck(id=ids.new_id(), draw_id=draw.id, recipient_id=UUID(recipient_id), place=place))
    session.flush()
    _record(session, "inspection.drawn", draw, actor, now, {"listed": len(draw.entrants), "drawn": place})
    return draw


def drawn(draw: SpotDraw) -> list[str]:
    """Who is drawn, by what is published: anybody computes the same."""
    list_hash = hash_entrants([hash_entrant(str(draw.id), each) for each in draw.entrants])
    words = random_words(draw.seed, NO_VALUE, hash_terms(draw.terms), list_hash)
    places = math.ceil(len(draw.entrants) * int(draw.terms["percent"]) / 100)
    return [draw.entrants[position - 1] for position in draw_positions(len(draw.entrants), places, words)]


def is_true(draw: SpotDraw, checked: Sequence[UUID]) -> bool:
    """Whether the seed is the one that was promised, and those drawn are those who follow from it."""
    return hash_seed(draw.seed) == draw.terms["seed_hash"] and drawn(draw) == [str(each) for each in checked]


def publish(draw: SpotDraw) -> dict[str, Any]:
    """What anybody needs to compute the draw again; the seed only when it is over."""
    shown = {"terms": draw.terms, "terms_hash": hash_terms(draw.terms), "public_value": NO_VALUE}
    if draw.drawn_at is None:
        return shown
    hashes = [hash_entrant(str(draw.id), each) for each in draw.entrants]
    return {**shown, "seed": draw.seed, "recipients": draw.entrants, "entrants": hashes, "drawn": drawn(draw)}


def get_draw(session: Session, draw_id: UUID, actor: Actor, *, lock: bool = False) -> SpotDraw:
    """A draw of a union of the actor's subtrees. Raises NotFound: whom another union looks up is not theirs to know."""
    draw = session.get(SpotDraw, draw_id, with_for_update=lock, populate_existing=lock)
    if draw is None or session.scalar(_unions_of(actor).where(Union.id == draw.union_id)) is None:
        raise NotFound
    get_inspection(session, draw.assignment_id, actor)
    return draw


def list_draws(session: Session, assignment: Assignment, actor: Actor) -> Sequence[SpotDraw]:
    """The latest draws of an inspection by unions of the actor's subtrees."""
    return session.scalars(
        select(SpotDraw)
        .where(SpotDraw.assignment_id == assignment.id, SpotDraw.union_id.in_(_unions_of(actor)))
        .order_by(SpotDraw.id.desc())
        .limit(LATEST)
    ).all()


def _unions_of(actor: Actor) -> Select[UUID]:
    return select(Union.id).where(in_scope(actor, Union, MAY_LEAD))


def _record(session: Session, action: str, draw: SpotDraw, actor: Actor, now: datetime, detail: dict[str, Any]) -> None:
    record(
        session, action, subject_type="spot_draw", subject_id=draw.id, actor_id=actor.person_id, at=now, detail=detail
    )  # fmt: skip
