"""Shapes of the privacy policy."""

from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints

from server.core.web.schemas import In, Instant, Line, Out, Prose

Items = Annotated[Prose, StringConstraints(min_length=1, max_length=4000)]


class PolicyQuery(In):
    """Which version; the present one unless said."""

    version: Annotated[Line, StringConstraints(max_length=20)] = ""


class PolicyIn(In):
    """A draft. The texts hold one item a line."""

    model_config = ConfigDict(extra="ignore")

    processor: Annotated[Line, StringConstraints(min_length=2, max_length=100)]
    contact: Annotated[Line, StringConstraints(min_length=2, max_length=200)]
    collected: Items
    seen_by: Items
    third_parties: Items
    retention: Items
    rights: Items
    changes: Annotated[Prose, StringConstraints(min_length=2, max_length=1000)]
    widens: bool


class PolicySection(Out):
    """A part of the policy."""

    title: str
    lines: list[str]


class PolicyName(Out):
    """A version that can be read: when it was published, and whether people were asked anew."""

    version: str
    published_at: Instant
    widens: bool


class PolicyOut(Out):
    """A version of the policy, whole. `holding`: the versions of which a consent still holds, the present one among
    them; `changes` says what is new in this one, empty in the first; `versions` are all of them, the newest first."""

    version: str
    published_at: Instant
    processor: str
    contact: str
    changes: str
    sections: list[PolicySection]
    holding: list[str]
    versions: list[PolicyName]


class MapOut(Out):
    """The map that browsers may fetch: the address of its tiles with `{z}`, `{x}` and `{y}`, their datum, who provides
    them (empty: whoever runs the service) and what has to stand beneath."""

    tiles: str
    datum: Literal["gcj02", "wgs84"]
    provider: str
    credit: str
