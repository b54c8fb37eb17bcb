"""Campaigns: their period, activities, grades and categories."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.unions.campaigns.events import CampaignChanged

SLICE = Slice(
    menu=(MenuEntry(Section.SETTINGS, 10, "活动设置", "calendar", "/console/campaigns"),),
    audit=AuditWords(
        actions={
            "campaign.created": "创建活动",
            "campaign.resumed": "恢复活动",
            "campaign.updated": "修改活动",
        },
        subjects={"campaign": "活动"},
        details={
            "is_active": "进行中",
            "active": "进行中",
        },
    ),
    events=(CampaignChanged,),
)
