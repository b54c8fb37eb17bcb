"""Writes of campaigns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Invalid
from server.core.events import publish
from server.unions.campaigns.events import CampaignChanged
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import ARCHIVED, get_campaign
from server.unions.campaigns.schemas import CampaignIn


def create_campaign(
    session: Session, union_id: UUID, content: CampaignIn, *, actor_id: UUID | None, now: datetime
) -> Campaign:
    """Create a campaign and make it the current one of its city; the one before stays, no longer current.

    Publishes `campaign.changed`.
    """
    _end_current(session, union_id)
    campaign = Campaign(
        id=ids.new_id(),
        union_id=union_id,
        is_current=True,
        version=1,
        created_at=now,
        updated_at=now,
        **_columns(content),
    )
    session.add(campaign)
    session.flush()
    record(
        session,
        "campaign.created",
        subject_type="campaign",
        subject_id=campaign.id,
        actor_id=actor_id,
        at=now,
        detail={"name": campaign.name},
    )
    publish(session, CampaignChanged(at=now, actor_id=actor_id, campaign_id=campaign.id))
    return campaign


def resume_campaign(session: Session, campaign: Campaign, *, actor_id: UUID, now: datetime) -> None:
    """Make an earlier campaign the current one of its city again. Doing it twice changes nothing.

    What was sent meanwhile stays with the campaign that it was sent in. Raises Conflict for an archived one. Publishes
    `campaign.changed`.
    """
    if campaign.is_current:
        return
    if campaign.archived_at is not None:
        raise Conflict("这个活动已经归档，先取消归档，再恢复它。", code="campaign_archived")
    _end_current(session, campaign.union_id)
    campaign.is_current, campaign.updated_at = True, now
    campaign.version += 1
    session.flush()
    record(
        session, "campaign.resumed", subject_type="campaign", subject_id=campaign.id, actor_id=actor_id, at=now,
        detail={"name": campaign.name},
    )  # fmt: skip
    publish(session, CampaignChanged(at=now, actor_id=actor_id, campaign_id=campaign.id))


def archive_campaign(session: Session, campaign: Campaign, *, actor_id: UUID, now: datetime) -> None:
    """Put a campaign away: nothing new is sent to it, its settings stand; what was sent is dealt with as ever. Doing it
    twice changes nothing. Publishes `campaign.changed`; other processes show it as open for half a minute more and take
    nothing."""
    if campaign.archived_at is None:
        _set_archived(session, campaign, now, "campaign.archived", actor_id=actor_id, now=now)


def unarchive_campaign(session: Session, campaign: Campaign, *, actor_id: UUID, now: datetime) -> None:
    """Take it out again: it is as it was. Doing it twice changes nothing. Publishes `campaign.changed`."""
    if campaign.archived_at is not None:
        _set_archived(session, campaign, None, "campaign.unarchived", actor_id=actor_id, now=now)


def _set_archived(
    session: Session, campaign: Campaign, archived_at: datetime | None, action: str, *, actor_id: UUID, now: datetime
) -> None:
    campaign.archived_at, campaign.updated_at = archived_at, now
    campaign.version += 1
    session.flush()
    record(
        session, action, subject_type="campaign", subject_id=campaign.id, actor_id=actor_id, at=now,
        detail={"name": campaign.name},
    )  # fmt: skip
    publish(session, CampaignChanged(at=now, actor_id=actor_id, campaign_id=campaign.id))


def _end_current(session: Session, union_id: UUID) -> None:
    session.execute(
        update(Campaign)
        .where(Campaign.union_id == union_id, Campaign.is_current.is_(True))
        .values(is_current=False)
        .execution_options(synchronize_session=False)
    )


def update_campaign(
    session: Session, campaign_id: UUID, content: CampaignIn, *, version: int, actor_id: UUID, now: datetime
) -> Campaign:
    """Edit a campaign. Raises Conflict if somebody was faster or it is archived, Invalid if a category in use would
    vanish."""
    campaign = get_campaign(session, campaign_id)
    if campaign.archived_at is not None:
        raise Conflict(ARCHIVED, code="campaign_archived")
    _keep_codes(campaign, content)
    before = _plain(campaign)
    changed = session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.version == version)
        .values(**_columns(content), version=Campaign.version + 1, updated_at=now)
        .returning(Campaign.id)
    ).first()
    if changed is None:
        raise Conflict("这个活动刚被别人改过，请刷新后再改。", code="stale")
    session.refresh(campaign)
    after = _plain(campaign)
    record(
        session,
        "campaign.updated",
        subject_type="campaign",
        subject_id=campaign_id,
        actor_id=actor_id,
        at=now,
        detail={"changed": {key: [before[key], after[key]] for key in after if before[key] != after[key]}},
    )
    publish(session, CampaignChanged(at=now, actor_id=actor_id, campaign_id=campaign_id))
    return campaign


def _keep_codes(campaign: Campaign, content: CampaignIn) -> None:
    """Submissions name categories by code, so a code once given stays; its words may change."""
    known = {str(one["code"]) for one in (*campaign.categories, *campaign.suggestion_categories)}
    gone = known - {one.code for one in (*content.categories, *content.suggestion_categories)}
    if gone:
        raise Invalid(f"已有的类别不能删除：{'、'.join(sorted(gone))}", fields={"categories": "已有的类别不能删除"})


LISTS = {"activities", "leaderboards", "grades", "categories", "suggestion_categories"}


def _columns(content: CampaignIn) -> dict[str, object]:
    plain = content.model_dump(mode="json", include=LISTS)
    return {
        "name": content.name,
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
        **plain,
        "lists_absentees": content.lists_absentees,
    }


def _plain(campaign: Campaign) -> dict[str, object]:
    return {
        "name": campaign.name,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "activities": campaign.activities,
        "leaderboards": campaign.leaderboards,
        "lists_absentees": campaign.lists_absentees,
        "grades": campaign.grades,
        "categories": campaign.categories,
        "suggestion_categories": campaign.suggestion_categories,
    }
