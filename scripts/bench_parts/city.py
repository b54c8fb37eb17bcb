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

from bench_parts.sizes import Size
from server.core import ids
from server.core.clock import in_shanghai
from server.unions.accounts.models import Door
from server.unions.accounts.sessions.actions import Visitor, start_session
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import get_current_campaign
from server.unions.consents.models import PrivacyConsent
from server.unions.demo.actions import load_demo
from server.unions.people.models import Person, RoleAssignment
from server.unions.people.queries import named
from server.unions.policies.queries import current_name
from server.unions.roles import Level, Role
from server.unions.tree.models import Union

WORKERS = 500
LIFETIME = timedelta(days=1)
NAME = "测试工"
EARLIER = "测试往年行动"
SCOPES = {
    "city": Role.CITY_REVIEWER, "district": Role.DISTRICT_REVIEWER, "town": Role.TOWN_REVIEWER,
    "enterprise": Role.ENTERPRISE_REVIEWER,
}  # fmt: skip


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
    """What the measurements need to know. `earlier_id`: a campaign of years ago; `reviewers`: scope → session cookie;
    `seats`: scope → its union's id; `desks`: scope → who reviews there."""

    campaign_id: UUID
    earlier_id: UUID
    categories: Sequence[str]
    suggestion_categories: Sequence[str]
    places: Sequence[Place]
    workers: Sequence[Worker]
    reviewers: dict[str, str]
    seats: dict[str, UUID]
    desks: dict[str, UUID]


def build_city(session: Session, size: Size, now: datetime) -> City:
    """Load the demo, add an earlier campaign, enterprises and workers, and sign everybody in."""
    load_demo(session, now)
    get_current_campaign(session).leaderboards = ["people"]  # none is computed or shown unless a campaign chose it
    _add_enterprises(session, size.enterprises, now)
    _add_earlier(session, now)
    enterprises = select(Union.id).where(Union.level == Level.ENTERPRISE).order_by(Union.code)
    _add_workers(session, session.scalars(enterprises).all(), now)
    return read_city(session, now)


def read_city(session: Session, now: datetime) -> City:
    """A city that was built before, with everybody signed in anew."""
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
    desks = {
        scope: session.scalars(select(RoleAssignment.person_id).where(RoleAssignment.role == role)).one()
        for scope, role in SCOPES.items()
    }
    workers = session.execute(
        select(Person.id, Person.enterprise_id).where(Person.id.in_(named(NAME))).order_by(Person.id)
    ).all()
    return City(
        campaign_id=campaign.id,
        earlier_id=session.scalars(select(Campaign.id).where(Campaign.name == EARLIER)).one(),
        categories=[each["code"] for each in campaign.categories],
        suggestion_categories=[each["code"] for each in campaign.suggestion_categories],
        places=places,
        workers=[Worker(row.id, row.enterprise_id, _sign_in(session, row.id, Door.API, now)) for row in workers],
        reviewers={scope: _sign_in(session, desk, Door.CONSOLE, now) for scope, desk in desks.items()},
        seats=seats,
        desks=desks,
    )


def _add_earlier(session: Session, now: datetime) -> None:
    campaign = get_current_campaign(session)
    kept = {column.key: getattr(campaign, column.key) for column in Campaign.__table__.columns}
    first = in_shanghai(now - timedelta(days=730)).date()
    session.add(
        Campaign(
            **kept
            | {
                "id": ids.new_id(),
                "name": EARLIER,
                "starts_on": first,
                "ends_on": first + timedelta(days=60),
                "is_current": False,
            }
        )
    )
    session.flush()


def _add_enterprises(session: Session, count: int, now: datetime) -> None:
    towns = session.execute(
        select(Union.id, Union.city_id, Union.district_id).where(Union.level == Level.TOWN).order_by(Union.code)
    ).all()
    rows: list[dict[str, Any]] = []
    for number in range(count):
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


def _add_workers(session: Session, enterprises: Sequence[UUID], now: datetime) -> None:
    chosen = islice((each for _ in range(WORKERS) for each in enterprises), WORKERS)
    rows: list[dict[str, Any]] = [
        {
            "id": ids.new_id(),
            "name": f"{NAME}{number}",
            "enterprise_id": enterprise_id,
            "is_active": True,
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        for number, enterprise_id in enumerate(chosen)
    ]
    session.execute(insert(Person), rows)
    policy = current_name(session)
    session.execute(
        insert(PrivacyConsent),
        [{"id": ids.new_id(), "person_id": row["id"], "version": policy, "agreed_at": now} for row in rows],
    )  # without which nobody sends anything


def _sign_in(session: Session, person_id: UUID, door: Door, now: datetime) -> str:
    return start_session(session, person_id, door=door, visitor=Visitor(), lifetime=LIFETIME, now=now).token


def weight_of(place: Place) -> float:
    """How many reports a place sends, relative to others: few enterprises send many, most send few."""
    draw = int.from_bytes(hashlib.sha256(str(place.id.int & 0xFFFF).encode()).digest()[:4], "big") / 2**32
    return 1 / (0.02 + draw)
