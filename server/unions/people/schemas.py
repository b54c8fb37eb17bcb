"""Shapes of people."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from server.core.text import clean_line
from server.core.web.schemas import Code, In, Line, Out, Phone
from server.unions.roles import Role

PHONE = r"^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$"
PHONE_OR_EMPTY = r"^(|1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$"
USERNAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{1,39}$"


def _is_seen(name: object) -> object:
    if isinstance(name, str) and name.strip() and not clean_line(name):
        raise ValueError("看不到名字，请重新填写")
    return name


PersonName = Annotated[Line, StringConstraints(max_length=50), BeforeValidator(_is_seen)]
"""A name that may be left empty, but not be made of nothing."""


class EnterpriseRef(Out):
    """The enterprise a person belongs to; `area` reads like 市南区 · 八大湖街道. `is_small`: so few work there that a
    report may be enough to guess who sent it."""

    id: UUID
    name: str
    area: str
    is_small: bool


class Me(Out):
    """The person who is asking. The phone number is masked; `open_tasks` is None unless they answer for a union;
    `also_at`: where they say that they work too."""

    id: UUID
    name: str | None
    phone: str | None
    enterprise: EnterpriseRef | None
    also_at: list[EnterpriseRef]
    unread: int
    open_tasks: int | None


class MePatch(In):
    """What a worker may change of themselves: absent leaves it, null or empty clears it."""

    name: PersonName | None = None
    phone: Annotated[Phone, StringConstraints(pattern=PHONE_OR_EMPTY)] | None = None


class BindingIn(In):
    """Where a worker belongs: the enterprise chosen from the search, or the invite code it gave out. One of the two."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    enterprise_id: UUID | SkipJsonSchema[None] = None
    invite_code: Annotated[Code, StringConstraints(min_length=4, max_length=20)] | SkipJsonSchema[None] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.enterprise_id is None) == (self.invite_code is None):
            raise ValueError("请选择企业，或者填写邀请码")
        return self


class PersonIn(In):
    """What may be written about a person from the console."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=50)]
    phone: Annotated[Phone, StringConstraints(pattern=PHONE_OR_EMPTY)] = ""
    enterprise_id: UUID | None = None

    @field_validator("enterprise_id", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value


class AccountIn(In):
    """A new account: who, under which login name, with which role at which union."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=50)]
    phone: Annotated[Phone, StringConstraints(pattern=PHONE_OR_EMPTY)] = ""
    username: Annotated[Code, StringConstraints(pattern=USERNAME)]
    role: Role
    union_id: UUID


class GrantIn(In):
    """A role to be held at a union."""

    role: Role
    union_id: UUID


class UsernameIn(In):
    """A login name for somebody who is known already."""

    username: Annotated[Code, StringConstraints(pattern=USERNAME)]


class PersonEditIn(PersonIn):
    """What may be written about a person, and the version of what the page showed."""

    version: Annotated[int, Field(ge=1, le=2_000_000_000)]


class PersonActiveIn(In):
    """Whether somebody may sign in."""

    version: Annotated[int, Field(ge=1, le=2_000_000_000)]
    active: bool


class RoleQuery(In):
    """The role whose unions a page offers."""

    role: Role = Role.ENTERPRISE_REVIEWER
