"""What is shown of a draw: the file that scripts/verify_draw recomputes, and the places with names for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.draws.weighted import ALGORITHM, FORMAT
from server.oversight.supervision.models import Draw, DrawStatus, Plan, PlanMode, PlanStatus, PlanUnit
from server.oversight.supervision.queries import list_members


@dataclass(frozen=True, slots=True)
class Place:
    """A place with names: of the enterprise, of those who go. `note`: what became of it."""

    stratum: str
    place: int
    name: str
    weight: int
    why: str
    is_reserve: bool
    inspectors: str
    note: str


def is_public(draw: Draw, plan: Plan) -> bool:
    """Whether everybody may see the result: it was shown, or thrown away and nobody can be warned any more."""
    is_gone = draw.status is DrawStatus.CANCELLED and draw.drawn_at is not None
    is_over = plan.mode is not PlanMode.UNANNOUNCED or plan.status in (PlanStatus.CLOSED, PlanStatus.CANCELLED)
    return draw.status is DrawStatus.PUBLISHED or (is_gone and is_over)


def write_file(session: Session, draw: Draw) -> dict[str, Any]:
    """Everything that a person needs to compute the draw again, and no person's name."""
    file: dict[str, Any] = {
        "format": FORMAT, "algorithm": ALGORITHM, "draw_id": str(draw.id), "status": draw.status.value,
        "frame": draw.frame, "frame_hash": draw.frame_hash,
        "frozen_at": draw.frozen_at.isoformat() if draw.frozen_at is not None else None,
    }  # fmt: skip
    if draw.status is DrawStatus.CANCELLED:
        file["cancelled"] = {"asked_why": draw.cancel_asked_reason, "why": draw.cancelled_reason}
    if draw.drawn_at is None:
        return file
    return {
        **file, "seed": draw.seed, "public_value": draw.value, "places": draw.places,
        "replacements": [
            {"unit": str(gone.enterprise_id), "by": str(by.enterprise_id), "reason": gone.dropped_reason,
             "at": gone.dropped_at.isoformat() if gone.dropped_at is not None else None}
            for gone, by in _replaced(session, draw.id)
        ],
    }  # fmt: skip


def _replaced(session: Session, draw_id: UUID) -> Sequence[tuple[PlanUnit, PlanUnit]]:
    """Who stands in for whom, in the order in which it came about."""
    units = {each.id: each for each in session.scalars(select(PlanUnit).where(PlanUnit.draw_id == draw_id))}
    pairs = [(gone, by) for gone in units.values() if gone.replaced_by_id and (by := units.get(gone.replaced_by_id))]
    pairs.sort(key=lambda pair: (pair[0].dropped_at, pair[1].id))
    return pairs


def list_places(session: Session, draw: Draw, *, with_people: bool) -> list[Place]:
    """The places in their order, named."""
    units = {unit["id"]: unit for unit in draw.frame["units"]}
    people = {str(each.id): each.name for each in list_members(session, draw.plan_id)} if with_people else {}
    became = {
        str(each.enterprise_id): each
        for each in session.scalars(select(PlanUnit).where(PlanUnit.draw_id == draw.id).order_by(PlanUnit.id))
    }
    return [
        Place(
            place["stratum"], place["place"], units[place["unit"]]["name"], units[place["unit"]]["weight"],
            "、".join(units[place["unit"]]["why"]), place["is_reserve"],
            "、".join(people.get(each, "") for each in place["inspectors"]), _note(became.get(place["unit"]), place),
        )
        for place in draw.places
    ]  # fmt: skip


def _note(unit: PlanUnit | None, place: dict[str, Any]) -> str:
    if unit is None:
        return ""
    if unit.dropped_at is not None:
        return f"换下：{unit.dropped_reason}" if unit.replaced_by_id is not None else f"不去了：{unit.dropped_reason}"
    return "替补" if place["is_reserve"] else ""
