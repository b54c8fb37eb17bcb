"""Reads of campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.settings import Settings
from server.core.ttl_cache import TtlCache
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.schemas import (
    ACTIVITY_LIST,
    CATEGORY_LIST,
    GRADE_LIST,
    CampaignOut,
    Category,
    CategoryOut,
    Grade,
    GradeOut,
    PhotoLimits,
)

MAX_PHOTOS = 9


def find_current_campaign(session: Session) -> Campaign | None:
    """The campaign that takes submissions now."""
    return session.scalar(select(Campaign).where(Campaign.is_current.is_(True)).order_by(Campaign.id).limit(1))


def get_current_campaign(session: Session) -> Campaign:
    """The campaign that takes submissions now. Raises NotFound between campaigns."""
    campaign = find_current_campaign(session)
    if campaign is None:
        raise NotFound("现在没有进行中的活动。", code="no_campaign")
    return campaign


def get_campaign(session: Session, campaign_id: UUID) -> Campaign:
    """The campaign with that id. Raises NotFound."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound("没有找到这个活动。", code="campaign_not_found")
    return campaign


def list_campaigns(session: Session) -> list[Campaign]:
    """All campaigns, the newest first."""
    return list(session.scalars(select(Campaign).order_by(Campaign.created_at.desc(), Campaign.id.desc())))


def list_grades(campaign: Campaign) -> list[Grade]:
    """The campaign's grades, 1 first."""
    return GRADE_LIST.validate_python(campaign.grades)


def list_categories(campaign: Campaign) -> list[Category]:
    """The campaign's categories of hazards in their order."""
    return CATEGORY_LIST.validate_python(campaign.categories)


def list_suggestion_categories(campaign: Campaign) -> list[Category]:
    """The campaign's categories of suggestions in their order."""
    return CATEGORY_LIST.validate_python(campaign.suggestion_categories)


def describe_campaign(campaign: Campaign, settings: Settings) -> CampaignOut:
    """The campaign as the API gives it."""
    return CampaignOut(
        id=campaign.id,
        name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        activities=ACTIVITY_LIST.validate_python(campaign.activities),
        grades=[GradeOut(grade=one.grade, name=one.name, criteria=one.criteria) for one in list_grades(campaign)],
        categories=[CategoryOut(code=one.code, name=one.name, hint=one.hint) for one in list_categories(campaign)],
        photos=PhotoLimits(
            max_count=MAX_PHOTOS, max_bytes=settings.photo_max_bytes, max_pixels=settings.photo_max_pixels
        ),
    )


# --- as plain data, kept for up to half a minute: every request needs it, it hardly ever changes ----------------------


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
