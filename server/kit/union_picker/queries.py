"""The search for a union by its name."""

from typing import cast

from sqlalchemy import Table, case, func, or_, select
from sqlalchemy.orm import Session

from server.kit.union_picker.schemas import PickedUnion, PickedUnions
from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union
from server.unions.tree.queries import area_text, folded_words

SHOWN = 20
_UNIONS = cast(Table, Union.__table__)
_DISTRICTS, _TOWNS = _UNIONS.alias("district"), _UNIONS.alias("town")
_HEIGHT = case({level.value: height for height, level in enumerate(Level)}, value=_UNIONS.c.level)


def search_unions(session: Session, actor: Actor, q: str) -> PickedUnions:
    """Active unions of the actor's subtrees whose name or short name holds every word of `q`: those that begin with it
    first, then the higher ones, then the shorter names. One statement."""
    words = folded_words(q)
    if not words:
        return PickedUnions(items=[], more=False)
    names = (_UNIONS.c.name_key, func.lower(_UNIONS.c.short_name))
    begins = or_(*(name.startswith(words[0], autoescape=True) for name in names))
    found = session.execute(
        select(
            _UNIONS.c.id, _UNIONS.c.name, _UNIONS.c.level,
            func.coalesce(func.nullif(_DISTRICTS.c.short_name, ""), _DISTRICTS.c.name).label("district"),
            func.coalesce(func.nullif(_TOWNS.c.short_name, ""), _TOWNS.c.name).label("town"),
        )
        .select_from(_UNIONS)
        .outerjoin(_DISTRICTS, _DISTRICTS.c.id == _UNIONS.c.district_id)
        .outerjoin(_TOWNS, _TOWNS.c.id == _UNIONS.c.town_id)
        .where(in_scope(actor, Union, CONSOLE), _UNIONS.c.is_active.is_(True), _UNIONS.c.level != Level.TEAM)
        .where(*(or_(*(name.contains(word, autoescape=True) for name in names)) for word in words))
        .order_by(case((begins, 0), else_=1), _HEIGHT, func.length(_UNIONS.c.name), _UNIONS.c.name, _UNIONS.c.id)
        .limit(SHOWN + 1)
    ).all()  # fmt: skip
    items = [PickedUnion(id=row.id, name=row.name, area=_area(row.level, row.district, row.town)) for row in found]
    return PickedUnions(items=items[:SHOWN], more=len(found) > SHOWN)


def _area(level: Level, district: str | None, town: str | None) -> str:
    """What stands above a union: it is not said to lie in itself."""
    return area_text(
        district if level in (Level.TOWN, Level.ENTERPRISE) else None, town if level is Level.ENTERPRISE else None
    )
