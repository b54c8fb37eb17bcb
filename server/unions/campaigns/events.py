"""What campaigns announce."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChanged(Event):
    """Its settings are others now."""

    name: ClassVar[str] = "campaign.changed"

    campaign_id: UUID
