"""What an enterprise has that decides which checks concern it: asked once, kept with its date and who said it.

The traits are data (`data/traits.tsv`): a line more is asked of everybody, and a code once given keeps its meaning.
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from server.core.text import fold
from server.unions.tree.lookup.words import listed_words
from server.unions.tree.models import Union, UnionTrait


@dataclass(frozen=True, slots=True)
class Trait:
    """What pages call it, and how it is asked."""

    code: str
    name: str
    question: str


@cache
def traits() -> Mapping[str, Trait]:
    """Every trait by its code, in the order in which they are asked."""
    text = (files("server.unions.tree") / "data" / "traits.tsv").read_text("utf-8")
    return {row["code"]: Trait(**row) for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def named_traits(text: str) -> list[str]:
    """The codes in 燃煤锅炉、管道气; of 无, none. Raises ValueError in words that people read."""
    codes = {trait.name: code for code, trait in traits().items()}
    named = listed_words(fold(text))
    if unknown := [word for word in named if word not in codes]:
        raise ValueError(f"不认识“{unknown[0][:20]}”，可以填：{'、'.join(codes)}")
    return [code for name, code in codes.items() if name in named]


def trait_names(codes: Collection[str] | None = None) -> str:
    """燃煤锅炉、管道气; without codes, every trait."""
    known = traits()
    return "、".join(known[code].name if code in known else code for code in (known if codes is None else codes))


def _standing(at: datetime | None) -> ColumnElement[bool]:
    if at is None:
        return UnionTrait.replaced_at.is_(None)
    return and_(UnionTrait.answered_at <= at, or_(UnionTrait.replaced_at.is_(None), UnionTrait.replaced_at > at))


def list_answers(session: Session, union_id: UUID, at: datetime | None = None) -> dict[str, UnionTrait]:
    """What was said of a union, as it stands now or stood at that moment, by trait."""
    found = session.scalars(select(UnionTrait).where(UnionTrait.union_id == union_id, _standing(at)))
    return {row.trait: row for row in found}


def read_traits(
    session: Session, union_ids: Collection[UUID], at: datetime | None = None
) -> dict[UUID, dict[str, bool]]:
    """Of each union which traits it has and which it has not; what was not asked yet is left out."""
    held: dict[UUID, dict[str, bool]] = {union_id: {} for union_id in union_ids}
    columns = select(UnionTrait.union_id, UnionTrait.trait, UnionTrait.holds)
    for row in session.execute(columns.where(UnionTrait.union_id.in_(union_ids), _standing(at))):
        held[row.union_id][row.trait] = row.holds
    return held


def with_traits(codes: Collection[str]) -> ColumnElement[bool]:
    """Unions that have one of these traits, or may have: they were not asked about all of them yet."""
    asked = select(UnionTrait.union_id).where(UnionTrait.trait.in_(codes), UnionTrait.replaced_at.is_(None))
    answered = asked.group_by(UnionTrait.union_id).having(func.count() == len(set(codes)))
    return or_(Union.id.in_(asked.where(UnionTrait.holds.is_(True))), Union.id.not_in(answered))
