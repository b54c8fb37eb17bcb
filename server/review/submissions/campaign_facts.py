"""Campaigns as plain data, kept for up to half a minute: every request needs them, they hardly ever change."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import get_campaign, get_current_campaign, list_categories, list_grades

LIFETIME = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What intake and review need of a campaign. `city_id` is the union that runs it."""

    id: UUID
    city_id: UUID
    activities: frozenset[str]
    categories: Mapping[str, str]
    grades: Mapping[int, str]
    criteria: Mapping[int, str]

    def category_name(self, code: str) -> str:
        """The category's name; its code if the category was taken out of the campaign since."""
        return self.categories.get(code, code)


Key = UUID | None  # None: the current campaign
_cache: WeakKeyDictionary[Engine, dict[Key, tuple[float, CampaignFacts]]] = WeakKeyDictionary()


def current_campaign(session: Session) -> CampaignFacts:
    """The campaign that takes submissions now. Raises NotFound between campaigns."""
    return _cached(session, None)


def campaign_facts(session: Session, campaign_id: UUID) -> CampaignFacts:
    """The campaign with that id. Raises NotFound."""
    return _cached(session, campaign_id)


def forget_campaigns() -> None:
    """Read campaigns afresh from now on."""
    _cache.clear()


def _cached(session: Session, key: Key) -> CampaignFacts:
    engine = session.get_bind().engine
    entries = _cache.setdefault(engine, {})
    moment = time.monotonic()
    known = entries.get(key)
    if known is not None and moment - known[0] < LIFETIME:
        return known[1]
    campaign = get_current_campaign(session) if key is None else get_campaign(session, key)
    facts = _facts(campaign)
    entries[key] = (moment, facts)
    return facts


def _facts(campaign: Campaign) -> CampaignFacts:
    grades = list_grades(campaign)
    return CampaignFacts(
        id=campaign.id,
        city_id=campaign.union_id,
        activities=frozenset(campaign.activities),
        categories={one.code: one.name for one in list_categories(campaign)},
        grades={one.grade: one.name for one in grades},
        criteria={one.grade: one.criteria for one in grades},
    )
