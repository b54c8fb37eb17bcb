"""A small city that every test starts from: unions, people in every role, a campaign.

    city ─ south (district) ─ seaside (town) ─ shipyard (enterprise) ─ team
         │                                   └ bakery (enterprise)
         └ north (district) ─ hillside (town) ─ brewery (enterprise)

Everything is made once per database template; ids are the same in every test of a run.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.db import Database
from server.unions.accounts.models import Account
from server.unions.campaigns.models import Campaign
from server.unions.consents.models import PrivacyConsent
from server.unions.people.models import Person, RoleAssignment, WechatIdentity
from server.unions.roles import Level, Role
from server.unions.tree.models import Affiliation, Union
from server.unions.tree.rules import ancestors_of

PASSWORD = "corr3ct-Horse-battery"
MADE_AT = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
POLICY_VERSION = "2026-12.3"  # the latest that came with the program
DEMO_APP = "demo"

GRADES = [
    {"grade": 1, "name": "重大", "criteria": "可能造成多人伤亡"},
    {"grade": 2, "name": "较大", "criteria": "可能造成重伤"},
    {"grade": 3, "name": "一般", "criteria": "可能造成轻伤"},
    {"grade": 4, "name": "低", "criteria": "当场可以整改"},
]
CATEGORIES = [
    {"code": "fall", "name": "高处坠落", "hint": "临边、洞口、脚手架"},
    {"code": "electric", "name": "触电", "hint": "电线、配电箱"},
    {"code": "fire", "name": "火灾", "hint": "堵塞通道、易燃物"},
]
SUGGESTION_CATEGORIES = [
    {"code": "s_equipment", "name": "设备设施", "hint": "加装防护"},
    {"code": "s_process", "name": "工艺操作", "hint": "换一种做法"},
]


@dataclass(frozen=True)
class Unions:
    """Ids of the unions."""

    city: UUID
    south: UUID
    seaside: UUID
    shipyard: UUID
    team: UUID
    bakery: UUID
    north: UUID
    hillside: UUID
    brewery: UUID


@dataclass(frozen=True)
class Someone:
    """A person to sign in as: reviewers by `username`, workers by `code`."""

    id: UUID
    name: str
    username: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class People:
    """One person for each role, and those who have no business with the others' submissions."""

    worker: Someone  # of the shipyard
    colleague: Someone  # of the shipyard too
    stranger: Someone  # worker of the brewery, in the other district
    newcomer: Someone  # worker who has not bound to an enterprise yet
    enterprise_reviewer: Someone  # of the shipyard
    other_enterprise_reviewer: Someone  # of the brewery
    town_reviewer: Someone  # of seaside
    other_town_reviewer: Someone  # of hillside
    district_reviewer: Someone  # of south
    other_district_reviewer: Someone  # of north
    city_reviewer: Someone
    admin: Someone


@dataclass(frozen=True)
class World:
    """What every test finds in its database."""

    unions: Unions
    people: People
    campaign_id: UUID


def build_world(session: Session, password_hash: str) -> World:
    """Make the city. `password_hash` is that of PASSWORD."""
    unions = _build_unions(session)
    people = _build_people(session, unions, password_hash)
    campaign = make_campaign(session, unions.city)
    return World(unions, people, campaign.id)


def make_union(session: Session, level: Level, name: str, parent_id: UUID | None, **columns: Any) -> Union:
    """A union under `parent_id`, its ancestors filled in."""
    union_id = ids.new_id()
    parent = session.get(Union, parent_id) if parent_id else None
    union = Union(
        id=union_id, parent_id=parent_id, level=level, name=name, short_name=columns.pop("short_name", name),
        created_at=MADE_AT, updated_at=MADE_AT, **ancestors_of(level, union_id, parent), **columns,
    )  # fmt: skip
    session.add(union)
    session.flush()
    return union


def make_person(
    session: Session,
    name: str | None,
    *,
    enterprise_id: UUID | None = None,
    demo: str | None = None,
    roles: tuple[tuple[Role, UUID], ...] = (),
    has_consented: bool = True,
    **columns: Any,
) -> Person:
    """A person. `demo` names a WeChat identity that the demo sign-in knows (code `demo:<demo>`)."""
    person = Person(
        id=ids.new_id(), name=name, enterprise_id=enterprise_id, created_at=MADE_AT, updated_at=MADE_AT, **columns
    )
    session.add(person)
    session.flush()
    if demo:
        session.add(
            WechatIdentity(
                id=ids.new_id(), person_id=person.id, app_id=DEMO_APP, openid=demo, unionid=None, created_at=MADE_AT
            )
        )
    if has_consented:
        session.add(PrivacyConsent(id=ids.new_id(), person_id=person.id, version=POLICY_VERSION, agreed_at=MADE_AT))
    for role, union_id in roles:
        session.add(
            RoleAssignment(
                id=ids.new_id(),
                person_id=person.id,
                role=role,
                union_id=union_id,
                granted_by_id=None,
                granted_at=MADE_AT,
            )
        )
    session.flush()
    return person


def give_role(session: Session, who: Someone, role: Role, union_id: UUID) -> None:
    """One more role for somebody."""
    post = RoleAssignment(id=ids.new_id(), person_id=who.id, role=role, union_id=union_id, granted_at=MADE_AT)
    session.add(post)


def make_account(session: Session, person: Person, username: str, password_hash: str) -> Account:
    """A console account of a person."""
    account = Account(
        person_id=person.id, username=username, password_hash=password_hash, created_at=MADE_AT, updated_at=MADE_AT
    )
    session.add(account)
    session.flush()
    return account


def make_campaign(session: Session, city_id: UUID, **columns: Any) -> Campaign:
    """The current campaign of a city, four grades and three categories, running all year."""
    values: dict[str, Any] = {
        "name": "安全隐患随手拍",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2099, 12, 31),
        "activities": ["hazard", "suggestion", "quiz"],
        "leaderboards": ["people", "enterprises", "districts"],
        "grades": GRADES,
        "categories": CATEGORIES,
        "suggestion_categories": SUGGESTION_CATEGORIES,
        "is_current": True,
        **columns,
    }
    campaign = Campaign(id=ids.new_id(), union_id=city_id, created_at=MADE_AT, updated_at=MADE_AT, **values)
    session.add(campaign)
    session.flush()
    return campaign


def _build_unions(session: Session) -> Unions:
    city = make_union(session, Level.CITY, "青岛市总工会", None, short_name="市总工会", adcode="370200").id

    def district(name: str, code: str) -> UUID:
        return make_union(
            session,
            Level.DISTRICT,
            f"{name}总工会",
            city,
            short_name=name,
            adcode=code,
            affiliation=Affiliation.DISTRICT,
        ).id

    def enterprise(name: str, town: UUID, code: str) -> UUID:
        return make_union(session, Level.ENTERPRISE, name, town, invite_code=code, headcount=120).id

    south, north = district("市南区", "370202"), district("市北区", "370203")
    seaside = make_union(session, Level.TOWN, "八大湖街道总工会", south, short_name="八大湖街道").id
    hillside = make_union(session, Level.TOWN, "登州路街道总工会", north, short_name="登州路街道").id
    shipyard = enterprise("蓝海船舶修造有限公司", seaside, "LANHAI01")
    return Unions(
        city=city, south=south, seaside=seaside, shipyard=shipyard, north=north, hillside=hillside,
        team=make_union(session, Level.TEAM, "焊工一班", shipyard).id,
        bakery=enterprise("麦香食品有限公司", seaside, "MAIXIANG"),
        brewery=enterprise("山泉酒业有限公司", hillside, "SHANQUAN"),
    )  # fmt: skip


def _build_people(session: Session, unions: Unions, password_hash: str) -> People:
    def worker(name: str, demo: str, enterprise_id: UUID | None) -> Someone:
        person = make_person(session, name, enterprise_id=enterprise_id, demo=demo)
        return Someone(person.id, name, code=f"demo:{demo}")

    def reviewer(name: str, username: str, role: Role, union_id: UUID) -> Someone:
        person = make_person(session, name, roles=((role, union_id),))
        make_account(session, person, username, password_hash)
        return Someone(person.id, name, username=username)

    return People(
        worker=worker("赵工", "worker-1", unions.shipyard),
        colleague=worker("钱工", "worker-2", unions.shipyard),
        stranger=worker("孙工", "worker-3", unions.brewery),
        newcomer=worker("李工", "worker-4", None),
        enterprise_reviewer=reviewer("周审", "shipyard", Role.ENTERPRISE_REVIEWER, unions.shipyard),
        other_enterprise_reviewer=reviewer("吴审", "brewery", Role.ENTERPRISE_REVIEWER, unions.brewery),
        town_reviewer=reviewer("郑审", "seaside", Role.TOWN_REVIEWER, unions.seaside),
        other_town_reviewer=reviewer("王审", "hillside", Role.TOWN_REVIEWER, unions.hillside),
        district_reviewer=reviewer("冯审", "south", Role.DISTRICT_REVIEWER, unions.south),
        other_district_reviewer=reviewer("陈审", "north", Role.DISTRICT_REVIEWER, unions.north),
        city_reviewer=reviewer("褚审", "city", Role.CITY_REVIEWER, unions.city),
        admin=reviewer("卫管", "admin", Role.ADMIN, unions.city),
    )


def fill(database: Database, password_hash: str) -> World:
    """Build the world in a database and commit it."""
    with database.transaction() as session:
        return build_world(session, password_hash)
