"""The city to measure in: the demo's tree with many more enterprises, signed-in workers and reviewers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.core import ids
from server.unions.accounts.models import Door
from server.unions.accounts.sessions.actions import Visitor, start_session
from server.unions.campaigns.queries import get_current_campaign
from server.unions.demo.actions import load_demo
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import Level, Role
from server.unions.tree.models import Union

MORE_ENTERPRISES = 2000
WORKERS = 500
LIFETIME = timedelta(days=1)
SCOPES = {"city": Role.CITY_REVIEWER, "district": Role.DISTRICT_REVIEWER, "enterprise": Role.ENTERPRISE_REVIEWER}


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who reports, with a token that is good."""

    id: UUID
    enterprise_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report may come from: a union with its ancestors."""

    id: UUID
    level: Level
    city_id: UUID
    district_id: UUID | None
    town_id: UUID | None
    enterprise_id: UUID | None


@dataclass(frozen=True, slots=True)
class City:
    """What the measurements need to know. `reviewers`: scope → session cookie; `seats`: scope → its union's id."""

    campaign_id: UUID
    categories: Sequence[str]
    places: Sequence[Place]
    workers: Sequence[Worker]
    reviewers: dict[str, str]
    seats: dict[str, UUID]


def build_city(session: Session, now: datetime) -> City:
    """Load the demo, add enterprises and workers, and sign everybody in."""
    load_demo(session, now)
    _add_enterprises(session, now)
    campaign = get_current_campaign(session)
    rows = session.execute(
        select(Union.id, Union.level, Union.city_id, Union.district_id, Union.town_id, Union.enterprise_id)
        .where(Union.level != Level.TEAM)
        .order_by(Union.code)
    ).all()
    places = [Place(row.id, row.level, row.city_id, row.district_id, row.town_id, row.enterprise_id) for row in rows]
    seats = {
        scope: session.scalars(select(RoleAssignment.union_id).where(RoleAssignment.role == role)).one()
        for scope, role in SCOPES.items()
    }
    return City(
        campaign_id=campaign.id,
        categories=[each["code"] for each in campaign.categories],
        places=places,
        workers=_add_workers(session, [place for place in places if place.level is Level.ENTERPRISE], now),
        reviewers={scope: _reviewer(session, role, now) for scope, role in SCOPES.items()},
        seats=seats,
    )


def _add_enterprises(session: Session, now: datetime) -> None:
    towns = session.execute(
        select(Union.id, Union.city_id, Union.district_id).where(Union.level == Level.TOWN).order_by(Union.code)
    ).all()
    rows: list[dict[str, Any]] = []
    for number in range(MORE_ENTERPRISES):
        town, union_id = towns[number % len(towns)], ids.new_id()
        rows.append(
            {
                "id": union_id,
                "parent_id": town.id,
                "level": Level.ENTERPRISE,
                "name": f"测试示例{number:04}有限公司",
                "short_name": "",
                "code": f"BENCH-E{number:04}",
                "city_id": town.city_id,
                "district_id": town.district_id,
                "town_id": town.id,
                "enterprise_id": union_id,
                "is_active": True,
                "is_high_risk": False,
                "is_chemical": False,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            }
        )
    session.execute(insert(Union), rows)


def _add_workers(session: Session, enterprises: Sequence[Place], now: datetime) -> list[Worker]:
    chosen = list(islice((place for _ in range(WORKERS) for place in enterprises), WORKERS))
    rows: list[dict[str, Any]] = [
        {
            "id": ids.new_id(),
            "name": f"测试工{number}",
            "enterprise_id": place.id,
            "is_active": True,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        for number, place in enumerate(chosen)
    ]
    session.execute(insert(Person), rows)
    return [
        Worker(row["id"], place.id, _sign_in(session, row["id"], Door.API, now))
        for row, place in zip(rows, chosen, strict=True)
    ]


def _reviewer(session: Session, role: Role, now: datetime) -> str:
    person_id = session.scalars(select(RoleAssignment.person_id).where(RoleAssignment.role == role)).one()
    return _sign_in(session, person_id, Door.CONSOLE, now)


def _sign_in(session: Session, person_id: UUID, door: Door, now: datetime) -> str:
    return start_session(session, person_id, door=door, visitor=Visitor(), lifetime=LIFETIME, now=now).token


def weight_of(place: Place) -> float:
    """How many reports a place sends, relative to others: few enterprises send many, most send few."""
    draw = int.from_bytes(hashlib.sha256(str(place.id.int & 0xFFFF).encode()).digest()[:4], "big") / 2**32
    return 1 / (0.02 + draw)
