"""Shapes of what is sent down: whom it goes to, what a draft says, how it ends."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from server.assignments.dispatch.models import Checker, ReceiptChannel
from server.core.web.schemas import AsTyped, Code, Day, In, Line, Prose
from server.unions.roles import Level
from server.unions.tree.lookup.tags import LONGEST, MOST_OFFERED
from server.unions.tree.lookup.words import listed_words
from server.unions.tree.models import Ownership, Size

MOST_SINGLE = 500
"""Unions that are named one by one; more than these are meant by a rule."""
LEVELS = (Level.DISTRICT, Level.TOWN, Level.ENTERPRISE)

Title = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Text = Annotated[Prose, StringConstraints(max_length=20_000)]
Reason = Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
Version = Annotated[int, Field(ge=1)]
Single = Annotated[tuple[UUID, ...], Field(max_length=MOST_SINGLE)]


Tag = Annotated[Line, StringConstraints(min_length=1, max_length=LONGEST)]


class RecipientRule(In):
    """Who is asked, of the sender's subtree: those of `levels` within the subtree of `within` that have one of `tags`,
    if there are any, and of enterprises those alone that have all that is said of them; with `plus`, without `minus`.
    `copies` get it, and are asked nothing.

    `traits`: enterprises that have one of these, see unions/tree/lookup/traits.py.
    """

    within: UUID | None = None
    levels: Annotated[tuple[Level, ...], Field(max_length=len(LEVELS))] = ()
    tags: Annotated[tuple[Tag, ...], Field(max_length=MOST_OFFERED)] = ()
    high_risk: bool = False
    chemical: bool = False
    non_public_sme: bool = False
    industries: Annotated[
        tuple[Annotated[Line, StringConstraints(min_length=1, max_length=40)], ...], Field(max_length=50)
    ] = ()
    sizes: Annotated[tuple[Size, ...], Field(max_length=len(Size))] = ()
    ownerships: Annotated[tuple[Ownership, ...], Field(max_length=len(Ownership))] = ()
    traits: Annotated[
        tuple[Annotated[Code, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")], ...], Field(max_length=50)
    ] = ()
    plus: Single = ()
    minus: Single = ()
    copies: Single = ()

    @field_validator("tags", mode="before")
    @classmethod
    def _one_by_one(cls, tags: object) -> object:
        """试点、老旧厂房 are two: no union has a tag with a separator in it."""
        if not isinstance(tags, list | tuple) or not all(isinstance(tag, str) for tag in tags):
            return tags
        return tuple(dict.fromkeys(word for tag in tags for word in listed_words(tag)))

    @field_validator("levels")
    @classmethod
    def _known_levels(cls, levels: tuple[Level, ...]) -> tuple[Level, ...]:
        if not set(levels) <= set(LEVELS):
            raise ValueError("只能发给区市、镇街和企业工会")
        return levels


class DraftIn(In):
    """What a draft says. `sender_id`: the union in whose name, of those that the actor reviews for; the first if it is
    left out, and it never changes. `details`: what the kind adds, in its own shape (`AssignmentKind.details`)."""

    sender_id: UUID | None = None
    title: Title
    text: Text = ""
    campaign_id: UUID | None = None
    form_id: UUID | None = None
    wants_receipt: bool = True
    wants_reply: bool = False
    checker: Checker = Checker.SENDER
    may_pass_on: bool = False
    due_on: Day | None = None
    remind_days: Annotated[int, Field(ge=0, le=60)] = 3
    rule: RecipientRule = RecipientRule()
    details: dict[Annotated[str, AsTyped()], Any] = {}


class PassOnIn(In):
    """What a union says that passes on what it was asked; `version` is that of its row as recipient."""

    version: Version | None = None
    title: Title | None = None  # as above
    text: Text = ""
    due_on: Day | None = None  # as above
    remind_days: Annotated[int, Field(ge=0, le=60)] = 3
    rule: RecipientRule


class VersionIn(In):
    """A move that says nothing more; `version` is the one on the page."""

    version: Version


class EndIn(VersionIn):
    """Why it is withdrawn or replaced."""

    reason: Reason


class CloseIn(VersionIn):
    """Why it is closed, if there is anything to say."""

    reason: Annotated[Prose, StringConstraints(max_length=500)] = ""


class NewQuery(In):
    """Which kind of assignment is begun."""

    model_config = ConfigDict(extra="ignore")

    kind: Annotated[Line, StringConstraints(max_length=20)] = "task"


class RulePart(StrEnum):
    """Where a union that is named by itself stands in the rule."""

    PLUS = "plus"
    MINUS = "minus"
    COPIES = "copies"


class ChangeRuleIn(VersionIn):
    """A union that is named by itself: asked too, left out or copied; or that, no more."""

    union: UUID
    part: RulePart
    is_removed: bool = False


class AddIn(In):
    """A union that is asked later."""

    union: UUID
    reason: Reason


class ReasonIn(In):
    """Why a union is asked later, or no more."""

    reason: Reason


class SignIn(In):
    """Where somebody signs."""

    via: ReceiptChannel = ReceiptChannel.CONSOLE
