"""Shapes of suggestions."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from server.core.web.schemas import Cursor, Day, In, Instant, Line, Out, Page, Phone, Prose
from server.photos.schemas import PhotoDeclared
from server.review.submissions.schemas import PhotoOut

Blank = BeforeValidator(lambda value: None if value == "" else value)
Key = Annotated[Cursor, StringConstraints(max_length=200)]


class CoAuthorIn(In):
    """Somebody who thought it up too. With their phone number they can be asked whether they agree; it is not kept."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=30)]
    phone: Annotated[Phone, StringConstraints(pattern=r"^1[3-9]\d{9}$")] | None = None


class SuggestionIn(In):
    """A suggestion as the worker writes it. `enterprise_id` null: to one's own enterprise."""

    category: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,29}$")]
    title: Annotated[Line, StringConstraints(min_length=2, max_length=60)]
    present_state: Annotated[Prose, StringConstraints(max_length=1000)] = ""
    proposal: Annotated[Prose, StringConstraints(min_length=5, max_length=2000)]
    benefit: Annotated[Prose, StringConstraints(max_length=1000)] = ""
    enterprise_id: UUID | None = None
    co_authors: Annotated[list[CoAuthorIn], Field(max_length=5)] = []
    photos: Annotated[list[PhotoDeclared], Field(max_length=9)] = []
    may_publish: Annotated[bool, Field(description="采纳后可以公开给本市的工友看")] = True


class SuggestionCategoryOut(Out):
    code: str
    name: str
    hint: str


class SuggestionCategories(Out):
    items: list[SuggestionCategoryOut]


class PublishedQuery(In):
    after: Key | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PublishedOut(Out):
    """A published suggestion in the list. `author`: a shortened name."""

    id: UUID
    title: str
    category_name: str
    enterprise_name: str | None
    author: str
    excerpt: str
    supporters: int
    is_supported: bool
    adopted_at: Instant
    status_text: str


class PublishedPage(Page[PublishedOut]):
    """Published suggestions, the newest first."""


class CoAuthorOut(Out):
    """`is_confirmed` null: not answered yet."""

    name: str
    is_confirmed: bool | None


class PlanStepOut(Out):
    id: UUID
    what: str
    owner: str
    due_on: date
    done_on: date | None


class RealisedOut(Out):
    """What it brought, as the enterprise confirmed it: cents and hours a year."""

    money_cents: int | None
    hours: int | None
    risk: str
    confirmed_at: Instant


class SuggestionOut(Out):
    """A suggestion for its authors and, once it is published, for colleagues (who see shortened names)."""

    id: UUID
    title: str
    category_name: str
    enterprise_name: str | None
    author: str
    present_state: str
    proposal: str
    benefit: str
    photos: list[PhotoOut]
    co_authors: list[CoAuthorOut]
    reply: str | None
    status_text: str
    plan: list[PlanStepOut]
    realised: RealisedOut | None
    supporters: int
    is_supported: bool
    is_mine: bool
    is_published: bool
    co_authorship: Annotated[str | None, Field(description="我是共同建议人时：asked、accepted、refused")]


class SupportOut(Out):
    supporters: int
    is_supported: bool


class CoAuthorshipIn(In):
    accept: bool


# --- console ----------------------------------------------------------------------------------------------------------


class VersionIn(In):
    """`version`: the suggestion's, on the page where the form stood."""

    version: Annotated[int, Field(ge=1)] | None = None


class PlanStepIn(VersionIn):
    what: Annotated[Line, StringConstraints(min_length=2, max_length=200)]
    owner: Annotated[Line, StringConstraints(min_length=1, max_length=50)]
    due_on: Day


class BenefitIn(VersionIn):
    """What a year brings. `yuan`: with cents at the most. `note`: how it was confirmed, if not by the enterprise."""

    yuan: Annotated[Annotated[Decimal, Field(ge=0, le=20_000_000, decimal_places=2)] | None, Blank] = None
    hours: Annotated[Annotated[int, Field(ge=0, le=1_000_000)] | None, Blank] = None
    risk: Annotated[Prose, StringConstraints(max_length=500)] = ""
    note: Annotated[Prose, StringConstraints(max_length=500)] = ""
