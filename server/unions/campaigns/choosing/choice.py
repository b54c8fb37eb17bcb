"""The campaign that a page of the console looks at: the one in its address, so that links can be shared, else the one
that was chosen in the top bar, else all of them.

What was chosen is kept in the browser's signed cookie, for the person who chose it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import session as browser
from sqlalchemy.orm import Session

from server.core import clock
from server.core.errors import NotFound
from server.core.text import quoted
from server.core.ttl_cache import TtlCache
from server.core.web.access import find_actor
from server.core.web.forms import query_params, strict_query_params
from server.core.web.schemas import In
from server.core.web.unit_of_work import session
from server.unions.actor import Actor
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import list_own_campaigns
from server.unions.campaigns.rules import closed_text

ALL: Literal["all"] = "all"
ALL_TEXT = "全部活动"
Asked = UUID | Literal["all"] | None
"""One campaign; all of them, whatever was chosen; nothing said."""

KEY = "campaign"
_PLACE = frozenset({"after", "before"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A campaign to choose."""

    id: UUID
    name: str
    is_current: bool
    is_archived: bool
    ends_on: date

    @property
    def said(self) -> str:
        """As headings say it: “百日行动”（已结束）."""
        return quoted(self.name) + (f"（{self.state_text}）" if self.state_text else "")

    @property
    def state_text(self) -> str:
        """Why nothing new can be sent to it; empty while something can."""
        return closed_text(self.ends_on, clock.day_of(clock.now()), is_archived=self.is_archived)


class CampaignQuery(In):
    """The campaign in the address of a page."""

    campaign: Asked = None


_CHOICES: TtlCache[frozenset[UUID], tuple[Choice, ...]] = TtlCache()


def list_choices(reader: Session, actor: Actor) -> Sequence[Choice]:
    """The campaigns of the actor's cities, the newest first; up to half a minute old."""
    seats = frozenset(role_at.union_id for role_at in actor.roles)
    return _CHOICES.get(reader, seats, lambda: tuple(_choice(each) for each in list_own_campaigns(reader, actor)))


def forget_choices() -> None:
    """Read them afresh from now on."""
    _CHOICES.forget()


def _choice(row: Campaign) -> Choice:
    return Choice(row.id, row.name, row.is_current, row.archived_at is not None, row.ends_on)


# --- what was chosen --------------------------------------------------------------------------------------------------


def choose(reader: Session, actor: Actor, campaign_id: UUID | None) -> str:
    """Look at one campaign from now on, None: at all of them. Returns its name. Raises NotFound for one that is none of
    the actor's."""
    chosen = _find(list_choices(reader, actor), campaign_id) if campaign_id is not None else None
    browser[KEY] = [str(actor.person_id), str(chosen.id) if chosen is not None else ""]
    return chosen.name if chosen is not None else ALL_TEXT


def chosen_campaign(choices: Sequence[Choice], actor: Actor) -> UUID | None:
    """What was chosen in this browser by this person, as long as it is there to choose."""
    kept = browser.get(KEY)
    if not isinstance(kept, list) or kept[:1] != [str(actor.person_id)]:
        return None
    return next((each.id for each in choices if str(each.id) == kept[-1]), None)


def resolve(asked: Asked) -> Asked:
    """What the address says; where it says nothing, what was chosen. Raises NotFound for a campaign that is none of the
    caller's."""
    actor = cast(Actor | None, find_actor())
    if actor is None or asked == ALL:
        return asked
    choices = list_choices(session(), actor)
    return _find(choices, asked).id if isinstance(asked, UUID) else chosen_campaign(choices, actor)


def campaign_asked() -> UUID | None:
    """The campaign that the present request looks at, None: all of them. Raises NotFound for an unknown one."""
    asked = resolve(strict_query_params(CampaignQuery).campaign)
    return asked if isinstance(asked, UUID) else None


def in_all(href: str) -> str:
    """The address of a list, for what was counted over all campaigns: the list shows all of it, whatever was chosen."""
    actor = cast(Actor | None, find_actor())
    if actor is None or chosen_campaign(list_choices(session(), actor), actor) is None:
        return href
    return with_campaign(href, ALL)


def with_campaign(href: str, campaign: Asked) -> str:
    """The same address for another campaign; None: whichever was chosen. Its pages are others: back to the first."""
    path, _, query = href.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name != KEY and name not in _PLACE]
    if campaign is not None:
        kept.append((KEY, str(campaign)))
    return f"{path}?{urlencode(kept)}" if kept else path


def _find(choices: Sequence[Choice], campaign_id: UUID | None) -> Choice:
    for each in choices:
        if each.id == campaign_id:
            return each
    raise NotFound("没有找到这个活动，请在左上角重新选择。", code="campaign_not_found")


# --- what pages are told ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Switcher:
    """What the top bar shows. `shown`: what the page looks at, None for all; `is_by_link`: its address says so, and
    another campaign, or all, was chosen."""

    choices: Sequence[Choice]
    shown: Choice | None
    is_by_link: bool

    @property
    def closed(self) -> Choice | None:
        """The campaign that nothing new can be sent to, of the one shown, else of the current one."""
        looked_at = self.shown or next((each for each in self.choices if each.is_current), None)
        return looked_at if looked_at is not None and looked_at.state_text else None


def switcher(reader: Session, actor: Actor) -> Switcher:
    """For the present page. An unknown campaign in the address is said by the page, not here."""
    choices = list_choices(reader, actor)
    asked, chosen = query_params(CampaignQuery).campaign, chosen_campaign(choices, actor)
    wanted = chosen if asked is None else asked
    shown = next((each for each in choices if each.id == wanted), None)
    return Switcher(choices, shown, asked is not None and (shown.id if shown else None) != chosen)


def name_of_campaign(reader: Session, actor: Actor, asked: Asked) -> str:
    """For headings: "“百日行动”", or 全部活动. Raises NotFound."""
    return _find(list_choices(reader, actor), asked).said if isinstance(asked, UUID) else ALL_TEXT
