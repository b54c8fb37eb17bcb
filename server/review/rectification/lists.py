"""Reads of the list: a page takes the same few statements whatever is on it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.scope import Choice, Names, area_of, scopes_of, union_choices, union_names
from server.photos.links import thumbnail_urls
from server.photos.queries import find_ready
from server.review.rectification.filters import TAB_TEXTS, RectificationFilter, Tab
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.pages import (
    COUNT_CAP,
    counts_statement,
    cursor_of,
    page_statement,
    parse_cursor,
)
from server.review.rectification.permissions import MAY_READ
from server.review.rectification.queries import href
from server.review.rectification.texts import STATUS_TEXTS
from server.review.rectification.transitions import DUE
from server.review.rectification.views import ListPage, RowView, TabView
from server.review.submissions.campaign_facts import campaign_facts, current_campaign
from server.review.submissions.models import Submission
from server.unions.actor import Actor

PAGE_SIZE = 50
CHIPS: Mapping[Status, str] = {
    Status.OPEN: "brand",
    Status.ACCEPTED: "brand",
    Status.DISPUTED: "danger",
    Status.SUBMITTED: "warn",
    Status.CLOSED: "ok",
    Status.VOIDED: "plain",
}
"""Colours of the states, beside their words."""


def list_rectifications(session: Session, actor: Actor, filters: RectificationFilter, now: datetime) -> ListPage:
    """One page. Raises NotFound for a union outside of the actor's scope, Invalid for a foreign cursor."""
    scopes = scopes_of(session, actor, MAY_READ, filters.union)
    key = parse_cursor(filters.after) if filters.after is not None else None
    found = session.execute(page_statement(scopes, filters, now, limit=PAGE_SIZE + 1, key=key)).all()
    rows = found[:PAGE_SIZE]
    counts = session.execute(*counts_statement(scopes, now)).one()
    clear = RectificationFilter(status=filters.status)
    categories, grades = _choices(session)
    return ListPage(
        filters=filters,
        rows=_rows(session, rows, filters, now),
        tabs=[_tab(tab, filters, counts) for tab in Tab],
        unions=union_choices(session, actor, MAY_READ, filters.union),
        categories=[Choice(code, name, code == filters.category) for code, name in categories.items()],
        grades=[Choice(str(grade), name, grade == filters.grade) for grade, name in grades.items()],
        next_href=filters.href(after=cursor_of(rows[-1])) if len(found) > PAGE_SIZE else None,
        first_href=filters.href() if key is not None else None,
        is_filtered=filters.to_query() != clear.to_query(),
        clear_href=clear.href(),
    )


def _choices(session: Session) -> tuple[Mapping[str, str], Mapping[int, str]]:
    """Categories and grades of the current campaign; none between campaigns."""
    try:
        campaign = current_campaign(session)
    except NotFound:
        return {}, {}
    return campaign.categories, campaign.grades


def _tab(tab: Tab, filters: RectificationFilter, counts: Any) -> TabView:
    count = getattr(counts, tab.value, None)
    text = None if count is None else f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)
    href_ = filters.href(status=None if tab is Tab.RUNNING else tab.value)
    return TabView(tab.value, TAB_TEXTS[tab], text, href_, tab is filters.status)


def _rows(session: Session, rows: Sequence[Any], filters: RectificationFilter, now: datetime) -> list[RowView]:
    names = union_names(session, {each for row in rows for each in (row.district_id, row.town_id, row.addressee_id)})
    thumbnails = _thumbnails(session, [row.submission_id for row in rows], now)
    query = filters.to_query()
    return [_row(session, row, names, thumbnails, query) for row in rows]


def _thumbnails(session: Session, submission_ids: Sequence[UUID], now: datetime) -> dict[UUID, str]:
    """A link to the cover of each submission that has one."""
    covers = {
        row.cover_photo_id: row.id
        for row in session.execute(
            select(Submission.id, Submission.cover_photo_id).where(
                Submission.id.in_(submission_ids), Submission.cover_photo_id.is_not(None)
            )
        )
    }
    urls = thumbnail_urls(find_ready(session, covers), now=now)
    return {covers[photo_id]: url for photo_id, url in urls.items()}


def _row(session: Session, row: Any, names: Names, thumbnails: Mapping[UUID, str], query: str) -> RowView:
    campaign = campaign_facts(session, row.campaign_id)
    return RowView(
        href=f"{href(row.id)}?{query}" if query else href(row.id),
        status=row.status,
        status_text=STATUS_TEXTS[row.status],
        chip=CHIPS[row.status],
        excerpt=row.excerpt,
        place=row.place,
        category_name=campaign.category_name(row.category),
        addressee_name=names[row.addressee_id].name,
        area=area_of(names, row),
        grade=row.grade,
        grade_name=campaign.grades.get(row.grade),
        due_at=row.due_at,
        is_due=row.status in DUE,
        asked_days=row.asked_days,
        closed_at=row.closed_at,
        thumbnail_url=thumbnails.get(row.submission_id),
    )
