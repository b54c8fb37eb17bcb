"""Where slices above say what of theirs hangs on a campaign and may go along into a copy of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port
from server.unions.actor import Actor
from server.unions.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Copying:
    """From one campaign into a new one, by whom. `chosen`: one of the part's choices, where it has any."""

    source: Campaign
    target: Campaign
    chosen: str
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPart:
    """A kind of settings that hang on a campaign.

    `describe` says in words what of a campaign the actor may copy, empty for nothing. Where something has to be decided
    anew, `choices` gives the answers (value and words) that the actor may give: with none of them nothing is copied.
    `copy` raises NotFound or Forbidden for a choice that is none.
    """

    name: str
    title: str
    describe: Callable[[Session, UUID, Actor], str]
    copy: Callable[[Session, Copying], None]
    question: str = ""  # what is to be chosen
    choices: Callable[[Session, Actor], Sequence[tuple[str, str]]] | None = None


PARTS: Port[CampaignPart] = Port("campaigns.parts")
"""What may go along, in the order of the wings."""
