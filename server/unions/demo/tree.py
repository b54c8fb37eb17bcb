"""The demo's tree of unions, the same every time but for its ids and invite codes."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.core import ids
from server.unions.demo import content
from server.unions.roles import Level
from server.unions.tree.lookup.invites import new_invite_code
from server.unions.tree.models import Affiliation, Ownership, Size, Union
from server.unions.tree.rules import OWN_COLUMN

SIZES = ((1000, Size.LARGE), (300, Size.MEDIUM), (20, Size.SMALL), (0, Size.MICRO))


def load_tree(session: Session, now: datetime) -> Union:
    """Add the unions whose codes are missing. Returns the city."""
    loader = _Loader(session, now)
    city = loader.load_city()
    seats: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
    for adcode, (name, towns) in content.DISTRICTS.items():
        district = loader.row(
            Level.DISTRICT,
            city,
            f"DEMO-{adcode}",
            f"{name}总工会",
            short_name=name,
            adcode=adcode,
            affiliation=Affiliation.DISTRICT,
        )
        seats.append(
            (
                district,
                [
                    loader.row(Level.TOWN, district, f"DEMO-{adcode}-{number:02}", f"{town}总工会", short_name=town)
                    for number, town in enumerate(towns, 1)
                ],
            )
        )
    for number, (affiliation, name, short) in enumerate(content.UNITS, 1):
        unit = loader.row(
            Level.DISTRICT, city, f"DEMO-UNIT-{number}", name, short_name=short, affiliation=Affiliation(affiliation)
        )
        seats.append((unit, []))
    for row in _enterprises(loader, seats):
        loader.add(row)
    loader.write()
    return session.scalars(select(Union).where(Union.code == city["code"])).one()


def _enterprises(
    loader: "_Loader", seats: list[tuple[dict[str, Any], list[dict[str, Any]]]]
) -> Iterator[dict[str, Any]]:
    number = 0
    for district, towns in seats:
        count = content.ENTERPRISES_PER_DISTRICT if towns else content.ENTERPRISES_PER_UNIT
        for place in range(count):
            number += 1
            yield _enterprise(loader, number, towns[place % len(towns)] if towns else district)


def _enterprise(loader: "_Loader", number: int, parent: dict[str, Any]) -> dict[str, Any]:
    trade, industry, high_risk, chemical = content.TRADES[number % len(content.TRADES)]
    draw = hashlib.sha256(f"enterprise {number}".encode()).digest()
    first = content.BRANDS_FIRST[number % len(content.BRANDS_FIRST)]
    second = content.BRANDS_SECOND[(number // len(content.BRANDS_FIRST) + number) % len(content.BRANDS_SECOND)]
    headcount = (5 + draw[0] % 15, 20 + draw[0], 300 + draw[0] * 2, 1000 + draw[0] * 10)[
        (0, 1, 1, 1, 1, 2, 2, 3)[draw[1] % 8]
    ]
    ownership = (
        Ownership.PRIVATE,
        Ownership.PRIVATE,
        Ownership.PRIVATE,
        Ownership.STATE,
        Ownership.FOREIGN,
        Ownership.MIXED,
    )[draw[2] % 6]
    return loader.row(
        Level.ENTERPRISE,
        parent,
        f"DEMO-E{number:04}",
        f"青岛示例{first}{second}{trade}有限公司",
        industry=industry,
        ownership=ownership,
        size=next(size for least, size in SIZES if headcount >= least),
        is_high_risk=high_risk,
        is_chemical=chemical,
        headcount=headcount,
        safety_officer_name="安全员" + "甲乙丙丁"[draw[3] % 4],
        invite_code=new_invite_code(),
    )


class _Loader:
    """Collects rows and writes those whose codes are new, level by level."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._known: dict[str, UUID] = {
            code: union_id for union_id, code in session.execute(select(Union.id, Union.code)) if code is not None
        }
        self._rows: list[dict[str, Any]] = []

    def load_city(self) -> dict[str, Any]:
        code, adcode, name, short_name = content.CITY
        return self.row(Level.CITY, None, code, name, short_name=short_name, adcode=adcode)

    def row(self, level: Level, parent: dict[str, Any] | None, code: str, name: str, **columns: Any) -> dict[str, Any]:
        """A whole row for `unions`; those above enterprises are queued for writing at once."""
        union_id = self._known.get(code) or ids.new_id()
        row: dict[str, Any] = {
            "affiliation": None,
            "short_name": "",
            "adcode": None,
            "industry": None,
            "ownership": None,
            "size": None,
            "is_high_risk": False,
            "is_chemical": False,
            "headcount": None,
            "safety_officer_name": None,
            "invite_code": None,
            **columns,
            "id": union_id,
            "parent_id": parent["id"] if parent else None,
            "level": level,
            "code": code,
            "name": name,
            "is_active": True,
            "version": 1,
            "created_at": self._now,
            "updated_at": self._now,
            **{column: parent[column] if parent else None for column in OWN_COLUMN.values()},
        }
        row[OWN_COLUMN[level]] = union_id
        if level is not Level.ENTERPRISE:
            self.add(row)
        return row

    def add(self, row: dict[str, Any]) -> None:
        if row["code"] not in self._known:
            self._rows.append(row)

    def write(self) -> None:
        if self._rows:  # parents were queued before their children
            self._session.execute(insert(Union), self._rows)
