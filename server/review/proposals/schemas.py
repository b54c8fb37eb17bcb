"""What the review page posts."""

from uuid import UUID

from pydantic import ConfigDict

from server.core.web.schemas import In


class TakeIn(In):
    """Which proposal is taken: the one on the page."""

    model_config = ConfigDict(extra="ignore")

    proposal: UUID
