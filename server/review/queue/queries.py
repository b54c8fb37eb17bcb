"""Reads of the queue: a page takes the same few queries whatever is on it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit import keyset
from server.kit.keyset import COUNT_CAP, count_text
from server.kit.listing import SavedView, TabView
from server.kit.saved_filters.queries import list_filters
from server.kit.scope import Choice, Names, Scope, area_of, name_of, scopes_of, union_choices, union_names
from server.photos.pictures.links import thumbnail_urls
from server.photos.queries import find_ready
from server.review.queue.listing import (
    TABLE,
    QueuePage,
    QueueRow,
    counts_statement,
    order_of,
    page_statement,
    position_statement,
)
from server.review.queue.permissions import MAY
from server.review.queue.schemas import ALL, DUE_TEXTS, SHOWN, Due, QueueFilter
from server.review.safety.queries import find_held
from server.review.submissions.anonymity.identity import may_see_traces, shown_moment
from server.review.submissions.kinds.registry import all_kinds, kind_of
from server.review.submissions.models import Status
from server.review.submissions.texts import STATUS_TEXTS, status_text
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts, current_campaign
from server.unions.people.models import Person

PAGE_SIZE = 50
QUEUE = "/console/queue"
ITEM = "/console/submissions"
_PEOPLE = cast(Table, Person.__table__)
_PERSON_NAMES = select(_PEOPLE.c.id, _PEOPLE.c.name).where(_PEOPLE.c.id.in_(bindparam("ids", expanding=True)))
MOST = 100  # where counting stops; the queue itself has the rest
URGENT = 6  # rows shown
UNION_COLUMNS = ("district_id", "town_id", "enterprise_id", "routed_union_id")


@dataclass(frozen=True, slots=True)
class QueueList:
    """Where the queue is and what its filters are."""

    name: str = "queue"
    filters: type[QueueFilter] = QueueFilter

    def href(self, query: str) -> str:
        """The queue with these filters."""
        return queue_href(query)


def list_queue(session: Session, actor: Actor, filters: QueueFilter, now: datetime) -> QueuePage:
    """One page of the queue. Raises NotFound for a union outside of the actor's scope, Invalid for a foreign cursor."""
    scopes = scopes_of(session, actor, MAY, filters.union)
    order = order_of(filters)
    back, cursor = filters.before is not None, filters.before or filters.after
    key = order.parse(cursor) if cursor is not None else None
    statement = page_statement(session, scopes, filters, actor, now, limit=PAGE_SIZE + 1, key=key, back=back)
    found = session.execute(statement).all()
    turn = keyset.turn_page(found, order, PAGE_SIZE, key=key, back=back)
    rows = turn.rows
    counts = session.execute(*counts_statement(scopes, now)).one()
    query = filters.to_query()
    categories, grades = _current_choices(session)
    return QueuePage(
        filters=filters,
        query=query,
        rows=_rows(session, rows, actor, query, now),
        tabs=_tabs(filters, counts),
        overdue=count_text(counts.overdue),
        overdue_href=queue_href(filters.to_query(status=None, due=Due.OVERDUE)),
        previous_href=queue_href(filters.to_query(before=turn.before)) if turn.before else None,
        next_href=queue_href(filters.to_query(after=turn.after)) if turn.after else None,
        first_href=queue_href(query) if key is not None else None,
        saved=_saved(session, actor, query),
        kinds=[Choice(each.kind.value, each.words.name, each.kind is filters.kind) for each in all_kinds()],
        unions=union_choices(session, actor, MAY, filters.union),
        categories=[Choice(code, name, code == filters.category) for code, name in categories.items()],
        grades=[Choice(str(grade), name, grade == filters.grade) for grade, name in grades.items()],
        dues=[Choice(due.value, text, due is filters.due) for due, text in DUE_TEXTS.items()],
        is_filtered=query != filters_of_status(filters).to_query(),
        clear_href=queue_href(filters_of_status(filters).to_query()),
    )


def _current_choices(session: Session) -> tuple[Mapping[str, str], Mapping[int, str]]:
    """Categories and grades of the current campaign; none between campaigns, when the queue must work all the same."""
    try:
        campaign = current_campaign(session)
    except NotFound:
        return {}, {}
    return {**campaign.categories, **campaign.suggestion_categories}, campaign.grades


def filters_of_status(filters: QueueFilter) -> QueueFilter:
    """The same tab without any other filter."""
    return QueueFilter(status=filters.status)


def find_neighbours(
    session: Session, actor: Actor, filters: QueueFilter, submission_id: UUID, now: datetime
) -> tuple[UUID | None, UUID | None]:
    """The submissions before and after this one in the list with these filters, wherever it stands itself by now."""
    row = session.execute(select(TABLE.c.id, TABLE.c.due_at).where(TABLE.c.id == submission_id)).one_or_none()
    if row is None or row.due_at is None:
        return None, None
    scopes = scopes_of(session, actor, MAY, filters.union)
    key = tuple(getattr(row, name) for name in order_of(filters).names)
    found = [
        session.execute(page_statement(session, scopes, filters, actor, now, limit=1, key=key, back=back)).one_or_none()
        for back in (True, False)
    ]
    before, after = (each.id if each is not None else None for each in found)
    return before, after


def find_position(
    session: Session, actor: Actor, filters: QueueFilter, submission_id: UUID, now: datetime
) -> str | None:
    """Where a submission stands in the list, like 3 / 48; None where it is not in it, or behind the COUNT_CAP first."""
    row = session.execute(select(TABLE.c.id, TABLE.c.due_at).where(TABLE.c.id == submission_id)).one_or_none()
    if row is None or row.due_at is None:
        return None
    scopes = scopes_of(session, actor, MAY, filters.union)
    statement = position_statement(session, scopes, filters, actor, now, row)
    before, from_here, is_listed = session.execute(statement).one()
    if not is_listed or before >= COUNT_CAP:
        return None
    return f"{before + 1} / {count_text(min(before + from_here, COUNT_CAP))}"


def _saved(session: Session, actor: Actor, query: str) -> list[SavedView]:
    return [
        SavedView(filter_id, name, queue_href(kept), kept == query)
        for filter_id, name, kept in list_filters(session, actor.person_id, "queue")
    ]


def _tabs(filters: QueueFilter, counts: Any) -> list[TabView]:
    tabs = [
        TabView(
            status.value,
            STATUS_TEXTS[status] if filters.kind is None else status_text(filters.kind, status),
            count_text(getattr(counts, status.value)),
            queue_href(filters.to_query(status=None if status is Status.QUEUED else status.value)),
            filters.status is status,
        )
        for status in SHOWN
    ]
    return [*tabs, TabView(ALL, "全部", None, queue_href(filters.to_query(status=ALL)), filters.status == ALL)]


def queue_href(query: str) -> str:
    """The list with these filters."""
    return f"{QUEUE}?{query}" if query else QUEUE


def item_href(submission_id: UUID, query: str) -> str:
    """The review page of a submission, opened from the list with these filters."""
    return f"{ITEM}/{submission_id}?{query}" if query else f"{ITEM}/{submission_id}"


def _rows(session: Session, rows: Sequence[Any], actor: Actor, query: str, now: datetime) -> list[QueueRow]:
    unions = union_names(session, {getattr(row, name) for row in rows for name in UNION_COLUMNS})
    claimed = {row.claimed_by_id for row in rows if _is_claimed(row, now)}
    people = person_names(session, claimed)
    covers = find_ready(session, {row.cover_photo_id for row in rows if row.cover_photo_id is not None})
    thumbnails = thumbnail_urls(covers, now=now)
    held = find_held(session, [row.id for row in rows])
    return [_row(session, row, actor, query, now, unions, people, thumbnails, row.id in held) for row in rows]


def _row(
    session: Session, row: Any, actor: Actor, query: str, now: datetime,
    unions: Names, people: Mapping[UUID, str | None], thumbnails: Mapping[UUID, str],
    is_held: bool,
) -> QueueRow:  # fmt: skip
    campaign = campaign_facts(session, row.campaign_id)
    is_claimed = _is_claimed(row, now)
    return QueueRow(
        id=row.id,
        number=row.number,
        href=item_href(row.id, query),
        version=row.version,
        kind=row.kind,
        words=kind_of(row.kind).words,
        status=row.status,
        status_text=status_text(row.kind, row.status),
        excerpt=row.excerpt,
        category=row.category,
        category_name=campaign.category_name(row.category),
        place=row.place,
        area=area_of(unions, row),
        enterprise_name=name_of(unions, row.enterprise_id),
        routed_name=unions[row.routed_union_id].name,
        grade=row.grade,
        grade_name=campaign.grades.get(row.grade) if row.grade is not None else None,
        photos=row.photos_expected,
        thumbnail_url=thumbnails.get(row.cover_photo_id),
        is_anonymous=row.is_anonymous,
        is_held=is_held,
        created_at=shown_moment(actor, row, row.created_at),
        day_only=not may_see_traces(actor, row),
        due_at=row.due_at,
        is_overdue=row.status is Status.QUEUED and row.due_at < now,
        claimed_by_name=(people.get(row.claimed_by_id) or "审核员") if is_claimed else None,
        claimed_by_me=is_claimed and row.claimed_by_id == actor.person_id,
    )


def _is_claimed(row: Any, now: datetime) -> bool:
    return row.claimed_until is not None and row.claimed_until > now


def person_names(session: Session, person_ids: Collection[UUID | None]) -> dict[UUID, str | None]:
    """The name of each person, None for those who gave none."""
    wanted = [each for each in person_ids if each is not None]
    if not wanted:
        return {}
    rows = session.execute(_PERSON_NAMES, {"ids": wanted})
    return {row.id: row.name for row in rows}


# --- the home page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tile:
    """A count and the filtered queue behind it. `tone` is `late`, `soon` or `calm`; calm when there is nothing."""

    label: str
    count: str
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The home page of a reviewer."""

    tiles: Sequence[Tile]
    urgent: Sequence[QueueRow]


TILES: tuple[tuple[str, QueueFilter, str], ...] = (
    ("已逾期", QueueFilter(due=Due.OVERDUE), "late"),
    ("今天到期", QueueFilter(due=Due.TODAY), "soon"),
    ("由本级处理", QueueFilter(routed=True), "calm"),
    ("我在处理的", QueueFilter(mine=True), "calm"),
    ("等职工补充", QueueFilter(status=Status.RETURNED), "calm"),
)


def get_overview(session: Session, actor: Actor, now: datetime) -> Overview:
    """Counts up to MOST and the first items by deadline: a fixed number of queries, each along an index."""
    scopes = scopes_of(session, actor, MAY)
    tiles = [_tile(session, scopes, actor, now, *tile) for tile in TILES]
    return Overview(tiles, list_queue(session, actor, QueueFilter(), now).rows[:URGENT])


def _tile(
    session: Session, scopes: Sequence[Scope], actor: Actor, now: datetime, label: str, filters: QueueFilter, tone: str
) -> Tile:
    found = len(session.execute(page_statement(session, scopes, filters, actor, now, limit=MOST)).all())
    count = f"{MOST - 1}+" if found >= MOST else str(found)
    return Tile(label, count, queue_href(filters.to_query()), tone if found else "calm")
