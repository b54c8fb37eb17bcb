"""What the pages of excerpts post."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import Code, In

MOST_PASSAGES = 200


class PickIn(In):
    """Of which assignment; passages by recipient and field (`<id>.<key>`)."""

    assignment: UUID

    passages: Annotated[
        tuple[Annotated[Code, StringConstraints(pattern=r"^[0-9a-f-]{36}\.[A-Za-z0-9_]{1,40}$")], ...],
        Field(min_length=1, max_length=MOST_PASSAGES),
    ]

    def wanted(self) -> list[tuple[UUID, str]]:
        """Each apart."""
        parts = (each.partition(".") for each in self.passages)
        return [(UUID(recipient), field) for recipient, _, field in parts]
