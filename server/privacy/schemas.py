"""Shapes of what is kept about a person."""

from typing import Literal

from server.core.web.schemas import In, Instant, Out
from server.unions.policies.schemas import MapOut


class Imprint(Out):
    """Who runs the service and answers for people's data.

    `complaints`: where complaints and proposals about the service go; `filing_number` is empty if there is none yet.
    """

    organisation: str
    contact: str
    complaints: str
    filing_number: str


class PrivacyOut(Imprint):
    """With the versions of the policy of which a consent holds, the present one, which one agrees to, first.

    `vision`: who looks at photos and proposes words when a worker asks for it; empty if nobody does. `map`: the one on
    which a worker may look at a point; None if there is none.
    """

    vision: str
    map: MapOut | None
    version: str
    holding: list[str]


class StoredItem(Out):
    """One kind of thing: `value` as it is, or how many."""

    name: str
    value: str


class ExportOut(Out):
    """A copy of one's data. `url` is signed and expires; None while it is being made."""

    state: Literal["making", "ready"]
    url: str | None
    size: int | None
    expires_at: Instant | None


class ErasureOut(Out):
    """An account that is to be deleted at `due_at` unless it is taken back."""

    requested_at: Instant
    due_at: Instant


class OwnDataOut(Out):
    """What is kept about whoever asks. `refusal` says why the account cannot be deleted here."""

    items: list[StoredItem]
    export: ExportOut | None
    erasure: ErasureOut | None
    refusal: str | None


class ErasureIn(In):
    """The person has read what will happen."""

    confirm: Literal[True]
