"""What the forms carry."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints, field_validator

from server.core.web.schemas import In, Prose

MAX_COMMENT = 1000


class AssignIn(In):
    """To whom; to nobody any more if left empty."""

    assignee_id: UUID | None = None

    @field_validator("assignee_id", mode="before")
    @classmethod
    def _empty_is_nobody(cls, value: Any) -> Any:
        return value or None


class CommentIn(In):
    """What is said; `@姓名` tells that colleague of it."""

    text: Annotated[Prose, StringConstraints(min_length=1, max_length=MAX_COMMENT)]
