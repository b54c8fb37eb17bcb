"""Who may learn who reported something. A worker may ask that the name be kept from the enterprise (匿名).

The name of an anonymous reporter is hidden from every role. A city reviewer may open it with a reason: that is a step
in the log and a message to the worker, and from then on the city's reviewers see it. The enterprise never does, nor
does it see what could betray: original photos with their metadata, exact times, other submissions of the same person.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from server.core import ids
from server.core.clock import in_shanghai
from server.core.errors import Invalid
from server.unions.actor import SCOPE_COLUMNS, Actor
from server.unions.roles import CONSOLE, Level, Role

ANONYMOUS = "匿名职工"


class Reported(Protocol):
    """What has to be known of a submission: the mapped row, or a result row with these columns."""

    @property
    def is_anonymous(self) -> bool: ...
    @property
    def disclosed_at(self) -> datetime | None: ...
    @property
    def city_id(self) -> UUID: ...
    @property
    def district_id(self) -> UUID | None: ...
    @property
    def town_id(self) -> UUID | None: ...
    @property
    def enterprise_id(self) -> UUID | None: ...


def may_see_reporter(actor: Actor, submission: Reported) -> bool:
    """Whether the name may be shown to this viewer of the console (whose scope holds the submission)."""
    if not submission.is_anonymous:
        return True
    opened = submission.disclosed_at is not None
    return opened and any(
        role_at.role is Role.CITY_REVIEWER and role_at.union_id == submission.city_id for role_at in actor.roles
    )


def may_see_traces(actor: Actor, submission: Reported) -> bool:
    """Whether originals, devices and exact times may be shown: always, unless it is anonymous and the viewer stands no
    higher than the enterprise."""
    if not submission.is_anonymous:
        return True
    return any(
        role_at.role in CONSOLE
        and role_at.level is not Level.ENTERPRISE
        and getattr(submission, SCOPE_COLUMNS[role_at.level]) == role_at.union_id
        for role_at in actor.roles
    )


def reporter_label(actor: Actor, submission: Reported, name: str | None) -> str:
    """The reporter as this viewer may know them."""
    return (name or "未填姓名") if may_see_reporter(actor, submission) else ANONYMOUS


def day_of(moment: datetime) -> datetime:
    """The beginning of that day in Shanghai."""
    return in_shanghai(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def shown_moment(actor: Actor, submission: Reported, moment: datetime) -> datetime:
    """When the reporter did something, as exactly as this viewer may know: the beginning of the day at worst.

    Pages say such a moment by `{{ moment(at, day_only) }}`, where `day_only` is `not may_see_traces(…)`.
    """
    return moment if may_see_traces(actor, submission) else day_of(moment)


def check_id_tells_no_time(submission_id: UUID) -> None:
    """Refuse an anonymous submission whose id gives away more than the day: it stands in every address. Raises Invalid.

    The id is a UUIDv7 whose 48 bits of time are the midnight in Shanghai of the day it is made; the rest is random.
    """
    if not ids.tells_day_only(submission_id):
        message = "这个版本的小程序还不能匿名提交，请更新后再试，或者取消匿名。内容还在手机里。"
        raise Invalid(message, code="id_tells_time", fields={"id": "匿名提交的编号只能精确到天"})
