"""Campaigns: their period, activities, grades and categories."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.unions.campaigns.events import CampaignChanged

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.SETTINGS,
            10,
            "活动设置",
            "calendar",
            "/console/campaigns",
            handbook="管理员",
            hint="名称、起止日期、等级和类别都在这里。开始新的活动以前，先结束当前的。",
        ),
    ),
    audit=AuditWords(
        actions={
            "campaign.archived": "归档活动",
            "campaign.created": "创建活动",
            "campaign.resumed": "恢复活动",
            "campaign.unarchived": "取消归档活动",
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
