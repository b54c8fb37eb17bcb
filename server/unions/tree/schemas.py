"""Shapes of the tree."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from server.core.web.schemas import Code, Cursor, In, Line, Out, Page, Phone
from server.unions.roles import Level
from server.unions.tree.lookup.tags import read_tags
from server.unions.tree.lookup.traits import traits
from server.unions.tree.models import Affiliation, Ownership, Size


class EnterpriseQuery(In):
    """Search of enterprises: `q` holds words that must all occur in the name."""

    q: Annotated[Line, StringConstraints(max_length=50)] = ""
    after: Annotated[Cursor, StringConstraints(max_length=2000)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class EnterpriseOut(Out):
    """An enterprise to choose from; `area` reads like 市南区 · 八大湖街道. `is_small`: so few work there that a report
    may give away who sent it."""

    id: UUID
    name: str
    area: str
    is_small: bool


class PickedUnion(Out):
    """A union to choose; `area` reads like 市南区 · 八大湖街道."""

    id: UUID
    name: str
    area: str


class PickedUnions(Out):
    """The best hits; `more`: there are others, so more should be typed."""

    items: list[PickedUnion]
    more: bool


class EnterprisePage(Page[EnterpriseOut]):
    """A page of enterprises."""


class TownOut(Out):
    """A town or street."""

    id: UUID
    name: str


class DistrictOut(Out):
    """A district with its towns."""

    id: UUID
    name: str
    towns: list[TownOut]


class AreasOut(Out):
    """Every district."""

    items: list[DistrictOut]


Name = Annotated[Line, StringConstraints(min_length=2, max_length=100)]
PHONE = r"^(|[0-9+][0-9 -]{4,18})$"


def _tags(value: Any) -> Any:
    return read_tags(value) if isinstance(value, str) else value


Tags = Annotated[Annotated[Line, StringConstraints(max_length=250)] | None, BeforeValidator(_tags)]
"""What a union is called by in words of one's own: 试点、老旧厂房."""


class UnionIn(In):
    """What may be written about a union. Empty text means unknown. What does not fit the level is refused."""

    name: Name
    short_name: Annotated[Line, StringConstraints(max_length=50)] = ""
    code: Annotated[Code, StringConstraints(max_length=40)] | None = None
    affiliation: Affiliation | None = None
    industry: Annotated[Line, StringConstraints(max_length=40)] | None = None
    ownership: Ownership | None = None
    size: Size | None = None
    is_high_risk: bool = False
    is_chemical: bool = False
    tags: Tags = None
    headcount: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    safety_officer_name: Annotated[Line, StringConstraints(max_length=50)] | None = None
    safety_officer_phone: Annotated[Phone, StringConstraints(max_length=20, pattern=PHONE)] | None = None
    address: Annotated[Line, StringConstraints(max_length=200)] | None = None

    @field_validator(
        "code",
        "affiliation",
        "industry",
        "ownership",
        "size",
        "tags",
        "headcount",
        "safety_officer_name",
        "safety_officer_phone",
        "address",
        mode="before",
    )
    @classmethod
    def _empty_is_unknown(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value


class NewUnionIn(UnionIn):
    """A union to be created under `parent_id`."""

    level: Level
    parent_id: UUID


class VersionIn(In):
    """The version of what the page showed, to notice that somebody was faster."""

    version: Annotated[int, Field(ge=1, le=2_000_000_000)]


class MoveIn(VersionIn):
    """The new parent of a union."""

    parent_id: UUID


class ActiveIn(VersionIn):
    """Whether a union is in use."""

    active: bool


class TraitsIn(In):
    """What an enterprise has (true) and has not (false); what is left out stays as it was."""

    answers: dict[Annotated[Code, StringConstraints(max_length=40)], bool]

    @field_validator("answers")
    @classmethod
    def _are_known(cls, value: dict[str, bool]) -> dict[str, bool]:
        if unknown := value.keys() - traits().keys():
            raise ValueError(f"没有这一项：{'、'.join(sorted(unknown))[:80]}")
        return value


class TraitOut(Out):
    """A trait, how it is asked, and what was said; `holds` null: not asked yet."""

    code: str
    name: str
    question: str
    holds: bool | None
    answered_at: datetime | None


class TraitsOut(Out):
    """Every trait in its order; `complete`: nothing is left to be asked."""

    union_id: UUID
    union_name: str
    items: list[TraitOut]
    complete: bool


class NewUnionQuery(In):
    """Below which union a new one comes, and at which level."""

    under: UUID | None = None
    level: Level | None = None
