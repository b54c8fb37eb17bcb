"""Loading the demo. May be run again: what is there stays, what is missing is added."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.unions.accounts.actions import create_account, find_account, set_password
from server.unions.accounts.credentials.passwords import hash_password, one_time_password
from server.unions.campaigns.actions import create_campaign
from server.unions.campaigns.queries import find_current_campaign
from server.unions.demo.content import ACCOUNTS, CAMPAIGN, WORKERS
from server.unions.demo.tree import load_tree
from server.unions.people.models import Person, RoleAssignment, WechatIdentity
from server.unions.people.queries import find_person_by_wechat
from server.unions.roles import Level, Role
from server.unions.sign_in.attempts.demo_door import APP_ID
from server.unions.tree.models import Union

BEGAN = 30
"""Days ago: the campaign of the demo runs as long as that of the notice, around the present."""


@dataclass(frozen=True, slots=True)
class DemoCredentials:
    """What to print. `password` is None if the accounts were there already and none was given."""

    usernames: tuple[str, ...]
    password: str | None
    worker_codes: tuple[str, ...]
    invite_code: str | None


def load_demo(session: Session, now: datetime, password: str | None = None) -> DemoCredentials:
    """Load city, districts, towns, enterprises, campaign, accounts and workers of the demo.

    All five accounts get one password: the one given, else a random one when they are new.
    """
    city = load_tree(session, now)
    if find_current_campaign(session) is None:
        began = day_of(now) - timedelta(days=BEGAN)
        dates = {"starts_on": began, "ends_on": began + (CAMPAIGN.ends_on - CAMPAIGN.starts_on)}
        create_campaign(session, city.id, CAMPAIGN.model_copy(update=dates), actor_id=None, now=now)
    district = _one(session, Union.adcode == "370202", Union.level == Level.DISTRICT)
    town = _one(session, Union.district_id == district.id, Union.short_name == "八大湖街道")
    enterprises = session.scalars(
        select(Union).where(Union.district_id == district.id, Union.level == Level.ENTERPRISE).order_by(Union.code)
    ).all()
    first, second = enterprises[0], enterprises[1]
    posts = {
        Role.CITY_REVIEWER: city,
        Role.ADMIN: city,
        Role.DISTRICT_REVIEWER: district,
        Role.TOWN_REVIEWER: town,
        Role.ENTERPRISE_REVIEWER: first,
    }
    password = _load_accounts(session, posts, password, now)
    for (openid, name), enterprise in zip(WORKERS, (first, second), strict=True):
        _load_worker(session, openid, name, enterprise.id, now)
    session.flush()
    return DemoCredentials(
        tuple(username for username, _, _ in ACCOUNTS),
        password,
        tuple(f"demo:{openid}" for openid, _ in WORKERS),
        first.invite_code,
    )


def _one(session: Session, *conditions: object) -> Union:
    return session.scalars(select(Union).where(*conditions)).one()  # type: ignore[arg-type]


def _load_accounts(session: Session, posts: dict[Role, Union], password: str | None, now: datetime) -> str | None:
    wanted, set_any = password or one_time_password(), False
    for username, name, role_name in ACCOUNTS:
        account = find_account(session, username)
        if account is not None and password is None:
            continue
        set_any = True
        if account is not None:
            set_password(session, account, wanted, good_until=None, actor_id=None, now=now)
            continue
        person_id = _add_person(session, name, None, now)
        create_account(session, person_id, username, hash_password(wanted), good_until=None, actor_id=None, now=now)
        role = Role(role_name)
        session.add(
            RoleAssignment(id=ids.new_id(), person_id=person_id, role=role, union_id=posts[role].id, granted_at=now)
        )
        session.flush()
    return wanted if set_any else None


def _load_worker(session: Session, openid: str, name: str, enterprise_id: UUID, now: datetime) -> None:
    if find_person_by_wechat(session, APP_ID, openid) is None:
        person_id = _add_person(session, name, enterprise_id, now)
        session.add(WechatIdentity(id=ids.new_id(), person_id=person_id, app_id=APP_ID, openid=openid, created_at=now))


def _add_person(session: Session, name: str, enterprise_id: UUID | None, now: datetime) -> UUID:
    person = Person(
        id=ids.new_id(),
        name=name,
        enterprise_id=enterprise_id,
        is_active=True,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(person)
    session.flush()
    return person.id
