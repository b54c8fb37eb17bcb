"""The administrator made from the command line: on an empty installation nobody is there yet to make one."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Invalid
from server.unions.accounts.actions import create_account
from server.unions.accounts.credentials.passwords import check_strength, hash_password
from server.unions.people.models import Person, RoleAssignment
from server.unions.people.schemas import USERNAME
from server.unions.roles import Level, Role
from server.unions.tree.models import Union


def create_administrator(
    session: Session, username: str, name: str, password: str, *, city_name: str, now: datetime
) -> UUID:
    """A person with an account and the administrator's role at the city, which is made if the tree is empty.

    Raises Invalid for a weak password, Conflict for a login name that is taken.
    """
    if not 1 <= len(name.strip()) <= 50 or not re.fullmatch(USERNAME, username):
        raise Invalid("姓名要 1 到 50 个字；登录名用小写字母、数字和 ._- ，至少 2 个字符。")
    check_strength(password, username=username)
    city_id = session.scalar(select(Union.id).where(Union.level == Level.CITY)) or _add_city(session, city_name, now)
    person = Person(id=ids.new_id(), name=name.strip(), is_active=True, version=1, created_at=now, updated_at=now)
    session.add(person)
    session.flush()
    hashed = hash_password(password)
    create_account(session, person.id, username, hashed, good_until=None, actor_id=None, now=now)
    session.add(RoleAssignment(id=ids.new_id(), person_id=person.id, role=Role.ADMIN, union_id=city_id, granted_at=now))
    session.flush()
    detail = {"role": Role.ADMIN.value, "union_id": str(city_id)}
    record(session, "role.granted", subject_type="person", subject_id=person.id, actor_id=None, at=now, detail=detail)
    return person.id


def _add_city(session: Session, name: str, now: datetime) -> UUID:
    city_id = ids.new_id()
    session.add(
        Union(
            id=city_id,
            level=Level.CITY,
            name=name,
            city_id=city_id,
            is_active=True,
            version=1,
            created_at=now,
            updated_at=now,
        )
    )
    session.flush()
    record(session, "union.created", subject_type="union", subject_id=city_id, actor_id=None, at=now)
    return city_id
