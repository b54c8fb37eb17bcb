"""Which hazards known already may be the one that a worker is writing about. Asked while they write: few statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import in_shanghai
from server.photos.pictures.links import thumbnail_urls
from server.photos.queries import find_ready
from server.review.duplicates.matching.likeness import Resemblance, grams_of, metres_between, shared
from server.review.duplicates.schemas import HintOut, HintsIn, HintsOut
from server.review.followers.queries import count_followers
from server.review.safety.queries import held_condition
from server.review.submissions.kinds.content import Content, Coordinates
from server.review.submissions.kinds.registry import ids_by_kind, kind_of, read_contents, read_follow_ups
from server.review.submissions.models import ARRIVED, Status, Submission
from server.review.submissions.routing.answering_union import Route, find_route
from server.review.submissions.texts import STATUS_TEXTS
from server.unions.actor import Actor
from server.unions.campaigns.queries import current_campaign

HINTS = 5
READ = 300  # of the place's newest, whatever their category: what one look costs at most
LOOK_BACK = timedelta(days=90)
RECENTLY = timedelta(days=60)  # since it was accepted; older ones have been put right or are another case
STATUS_SHOWN = {  # what the reporter was asked is nobody else's business
    Status.QUEUED: STATUS_TEXTS[Status.QUEUED],
    Status.RETURNED: STATUS_TEXTS[Status.QUEUED],
    Status.ACCEPTED: STATUS_TEXTS[Status.ACCEPTED],
}

AnyRow = Row[*tuple[Any, ...]]
_COLUMNS = (
    Submission.id, Submission.category, Submission.kind, Submission.status, Submission.excerpt, Submission.place,
    Submission.is_anonymous, Submission.reporter_id, Submission.created_at, Submission.decided_at,
    Submission.cover_photo_id, Submission.enterprise_id,
)  # fmt: skip


def find_hints(session: Session, body: HintsIn, *, actor: Actor, now: datetime) -> HintsOut:
    """Up to five hazards of others that resemble what was written so far, the likeliest first.

    While there is neither a point nor words to compare, the newest of that category in that enterprise. Raises Invalid
    for an enterprise or area that does not exist, NotFound between campaigns.
    """
    campaign = current_campaign(session)
    route = find_route(session, enterprise_id=body.enterprise_id, area_id=body.area_id, place=body.place)
    rows = [row for row in session.execute(newest_near(route, now)) if _counts(row, body, actor, now)]
    contents = read_contents(session, ids_by_kind(rows))
    alike = {row.id: _resemblance(row, contents, body) for row in rows}
    if body.place or body.description or body.coordinates is not None:
        rows = [row for row in rows if alike[row.id].is_likely]
        rows.sort(key=lambda row: -alike[row.id].score)
    elif route.enterprise_id is None:
        rows = []
    chosen = rows[:HINTS]
    follows = count_followers(session, [row.id for row in chosen], actor)
    follow_ups = read_follow_ups(session, ids_by_kind(row for row in chosen if row.status is Status.ACCEPTED))
    pictures = _pictures(session, chosen, actor, now)
    return HintsOut(
        items=[
            HintOut(
                id=row.id,
                category_name=campaign.category_name(row.category),
                excerpt="" if row.is_anonymous else row.excerpt,
                place=row.place,
                thumbnail_url=pictures.get(row.id),
                status_text=follow_ups[row.id].status_text if row.id in follow_ups else STATUS_SHOWN[row.status],
                reported_on=in_shanghai(row.created_at).date(),
                distance=_rounded(alike[row.id].distance),
                followers=follows[row.id].followers,
                is_following=follows[row.id].is_following,
            )
            for row in chosen
        ]
    )


def newest_near(route: Route, now: datetime) -> Select[*tuple[Any, ...]]:
    """The newest of the narrowest place known, off its one index: never more than READ rows, however busy it is."""
    narrowest = next(
        column == value
        for column, value in (
            (Submission.enterprise_id, route.enterprise_id),
            (Submission.town_id, route.town_id),
            (Submission.district_id, route.district_id),
            (Submission.city_id, route.city_id),
        )
        if value is not None
    )
    return (
        select(*_COLUMNS)
        .where(
            narrowest,
            ARRIVED,
            Submission.kept_from_id.is_(None),
            Submission.id > ids.first_id(now - LOOK_BACK),
            ~held_condition(Submission.id),
        )
        .order_by(Submission.id.desc())
        .limit(READ)
    )


def _counts(row: AnyRow, body: HintsIn, actor: Actor, now: datetime) -> bool:
    return (
        kind_of(row.kind).is_followable
        and row.category == body.category
        and not actor.is_own(row.reporter_id)
        and row.status in STATUS_SHOWN
        and (row.decided_at is None or row.decided_at > now - RECENTLY)
    )


def _resemblance(row: AnyRow, contents: Mapping[UUID, Content], body: HintsIn) -> Resemblance:
    said = contents.get(row.id, Content())
    point = body.coordinates
    here = Coordinates(point.latitude, point.longitude, point.datum, point.accuracy) if point is not None else None
    words = shared(grams_of(body.place, body.description), grams_of(row.place, said.description))
    return Resemblance(metres_between(here, said.coordinates), words)


def _pictures(session: Session, rows: Sequence[AnyRow], actor: Actor, now: datetime) -> dict[UUID, str]:
    """Links to small pictures, by hazard. None from inside another's enterprise, and none of who hides their name: the
    place from which a picture was taken may give them away."""
    of = {
        row.cover_photo_id: row.id
        for row in rows
        if row.cover_photo_id is not None and not row.is_anonymous and row.enterprise_id in (None, actor.enterprise_id)
    }
    return (
        {of[photo_id]: url for photo_id, url in thumbnail_urls(find_ready(session, of), now=now).items()} if of else {}
    )


def _rounded(distance: float | None) -> int | None:
    """To ten metres: no more is known."""
    return round(distance / 10) * 10 if distance is not None else None
