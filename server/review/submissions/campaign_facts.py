"""Campaigns as plain data, kept for up to half a minute: every request needs them, they hardly ever change."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ttl_cache import TtlCache
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import (
    get_campaign,
    get_current_campaign,
    list_categories,
    list_grades,
    list_suggestion_categories,
)


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What intake and review need of a campaign. `city_id` is the union that runs it."""

    id: UUID
    city_id: UUID
    activities: frozenset[str]
    categories: Mapping[str, str]  # of hazards
    suggestion_categories: Mapping[str, str]
    grades: Mapping[int, str]
    criteria: Mapping[int, str]
    rectify_days: Mapping[int, int]  # working days

    def category_name(self, code: str) -> str:
        """The category's name; its code if the category was taken out of the campaign since."""
        return self.categories.get(code) or self.suggestion_categories.get(code, code)


_RECENT: TtlCache[UUID | None, CampaignFacts] = TtlCache()  # None: the current campaign


def current_campaign(session: Session) -> CampaignFacts:
    """The campaign that takes submissions now. Raises NotFound between campaigns."""
    return _RECENT.get(session, None, lambda: _facts(get_current_campaign(session)))


def campaign_facts(session: Session, campaign_id: UUID) -> CampaignFacts:
    """The campaign with that id. Raises NotFound."""
    return _RECENT.get(session, campaign_id, lambda: _facts(get_campaign(session, campaign_id)))


def forget_campaigns() -> None:
    """Read campaigns afresh from now on."""
    _RECENT.forget()


def _facts(campaign: Campaign) -> CampaignFacts:
    grades = list_grades(campaign)
    return CampaignFacts(
        id=campaign.id,
        city_id=campaign.union_id,
        activities=frozenset(campaign.activities),
        categories={one.code: one.name for one in list_categories(campaign)},
        suggestion_categories={one.code: one.name for one in list_suggestion_categories(campaign)},
        grades={one.grade: one.name for one in grades},
        criteria={one.grade: one.criteria for one in grades},
        rectify_days={one.grade: one.rectify_days for one in grades},
    )
