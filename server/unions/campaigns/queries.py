"""Reads of campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import Conflict, NotFound
from server.core.settings import Settings
from server.core.ttl_cache import TtlCache
from server.unions.actor import Actor
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.rules import VIDEO_SECONDS, closed_text
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
from server.unions.tree.models import Union

MAX_PHOTOS = 9
ARCHIVED = "这个活动已经归档，设置不能再改。要改，请先在“活动设置”里取消归档。"


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


def is_own(actor: Actor) -> ColumnElement[bool]:
    """Whether a campaign is run by a city of the actor's."""
    seats = [role_at.union_id for role_at in actor.roles]
    return Campaign.union_id.in_(select(Union.city_id).where(Union.id.in_(seats)))


def list_own_campaigns(session: Session, actor: Actor) -> list[Campaign]:
    """Those of the actor's cities, the newest first."""
    newest = (Campaign.created_at.desc(), Campaign.id.desc())
    return list(session.scalars(select(Campaign).where(is_own(actor)).order_by(*newest)))


def get_own_campaign(session: Session, campaign_id: UUID, actor: Actor, *, lock: bool = False) -> Campaign:
    """A campaign of the actor's cities, held until the transaction ends when `lock`. Raises NotFound."""
    statement = select(Campaign).where(Campaign.id == campaign_id, is_own(actor))
    campaign = session.scalar(
        statement.with_for_update().execution_options(populate_existing=True) if lock else statement
    )
    if campaign is None:
        raise NotFound("没有找到这个活动。", code="campaign_not_found")
    return campaign


def list_grades(campaign: Campaign) -> list[Grade]:
    """The campaign's grades, 1 first."""
    return GRADE_LIST.validate_python(campaign.grades)


def list_categories(campaign: Campaign) -> list[Category]:
    """The campaign's categories of hazards in their order."""
    return CATEGORY_LIST.validate_python(campaign.categories)


def list_suggestion_categories(campaign: Campaign) -> list[Category]:
    """The campaign's categories of suggestions in their order."""
    return CATEGORY_LIST.validate_python(campaign.suggestion_categories)


def describe_campaign(campaign: Campaign, settings: Settings, now: datetime) -> CampaignOut:
    """The campaign as the API gives it."""
    return CampaignOut(
        id=campaign.id,
        name=campaign.name,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        is_open=not closed_text(campaign.ends_on, day_of(now), is_archived=campaign.archived_at is not None),
        activities=ACTIVITY_LIST.validate_python(campaign.activities),
        grades=[GradeOut(grade=one.grade, name=one.name, criteria=one.criteria) for one in list_grades(campaign)],
        categories=[CategoryOut(code=one.code, name=one.name, hint=one.hint) for one in list_categories(campaign)],
        photos=PhotoLimits(
            max_count=MAX_PHOTOS,
            max_bytes=settings.photo_max_bytes,
            max_pixels=settings.photo_max_pixels,
            video_max_bytes=settings.video_max_bytes,
            video_max_seconds=VIDEO_SECONDS,
        ),
    )


# --- as plain data, kept for up to half a minute: every request needs it, it hardly ever changes ----------------------


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What intake and review need of a campaign. `city_id` is the union that runs it."""

    id: UUID
    name: str
    city_id: UUID
    ends_on: date
    is_archived: bool
    activities: frozenset[str]
    categories: Mapping[str, str]  # of hazards
    suggestion_categories: Mapping[str, str]
    grades: Mapping[int, str]
    criteria: Mapping[int, str]
    rectify_days: Mapping[int, int]  # working days

    def closed_text(self, now: datetime) -> str:
        """Why nothing new can be sent to it; empty while something can."""
        return closed_text(self.ends_on, day_of(now), is_archived=self.is_archived)

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


def require_editable(session: Session, campaign_id: UUID) -> None:
    """Raises Conflict for an archived campaign: what hangs on it stays as it was."""
    if get_campaign(session, campaign_id).archived_at is not None:
        raise Conflict(ARCHIVED, code="campaign_archived")


def forget_campaigns() -> None:
    """Read campaigns afresh from now on."""
    _RECENT.forget()


def _facts(campaign: Campaign) -> CampaignFacts:
    grades = list_grades(campaign)
    return CampaignFacts(
        id=campaign.id,
        name=campaign.name,
        city_id=campaign.union_id,
        ends_on=campaign.ends_on,
        is_archived=campaign.archived_at is not None,
        activities=frozenset(campaign.activities),
        categories={one.code: one.name for one in list_categories(campaign)},
        suggestion_categories={one.code: one.name for one in list_suggestion_categories(campaign)},
        grades={one.grade: one.name for one in grades},
        criteria={one.grade: one.criteria for one in grades},
        rectify_days={one.grade: one.rectify_days for one in grades},
    )
