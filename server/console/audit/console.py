"""The audit log, newest first, with filters in the address."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.console.audit.identities import hide_reporters
from server.console.audit.words import action_text, detail_text, subject_text, value_text
from server.core.audit.queries import AuditFilter, AuditRow, list_actions, list_entries
from server.core.audit.verify import last_seal
from server.core.clock import SHANGHAI
from server.core.web import cursors
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor
from server.unions.people.models import Person

bp = Blueprint("audit_console", __name__, url_prefix="/console", template_folder="templates")

PAGE = 50
FIELDS = ("action", "who", "subject", "since", "until")
MOST_NAMESAKES = 50


@bp.get("/audit")
@requires("audit.read")
def show_log() -> str:
    """One page of the log."""
    given = {name: request.args.get(name, "").strip()[:100] for name in FIELDS}
    wanted, errors = _filter(session(), given)
    before = None
    if cursor := request.args.get("after"):
        before = cast(tuple[UUID], cursors.decode(cursor, UUID))[0]
    found, masked = ([], frozenset()) if errors else _read(session(), wanted, before)
    shown, following = found[:PAGE], cursors.encode(found[PAGE - 1].id) if len(found) > PAGE else None
    kept: dict[str, Any] = {name: value for name, value in given.items() if value}
    return render_template(
        "audit/log.html",
        rows=shown,
        masked=masked,
        names=_names(session(), shown),
        given=given,
        errors=errors,
        actions=[("", "全部")] + [(action, action_text(action)) for action in list_actions(session())],
        action_text=action_text,
        subject_text=subject_text,
        detail_text=detail_text,
        value_text=value_text,
        seal=last_seal(session()),
        next=url_for("audit_console.show_log", **kept, after=following) if following else None,
        first=url_for("audit_console.show_log", **kept) if before else None,
    )


def _read(reader: Session, wanted: AuditFilter, before: UUID | None) -> tuple[list[AuditRow], frozenset[UUID]]:
    """A full page and one row more, as the viewer may see them; a page with gaps would tell how much was left out."""
    actor, asked_for = current_actor(), _asked_for(wanted)
    shown: list[AuditRow] = []
    masked: frozenset[UUID] = frozenset()
    while len(shown) <= PAGE:
        rows = list_entries(reader, wanted, before=before, limit=PAGE + 1)
        fitting, hidden = hide_reporters(reader, actor, rows, asked_for)
        shown, masked = shown + fitting, masked | hidden
        if len(rows) <= PAGE:
            break
        before = rows[-1].id
    return shown, masked


def _asked_for(wanted: AuditFilter) -> list[UUID]:
    """The people that the log is searched for."""
    try:
        subject = [UUID(wanted.subject_id)]
    except ValueError:
        subject = []
    return [*(wanted.actor_ids or ()), *subject]


def _filter(reader: Session, given: dict[str, str]) -> tuple[AuditFilter, dict[str, str]]:
    """The filter that the form asks for, and what is wrong with its fields."""
    errors: dict[str, str] = {}
    since, until = _day(given["since"], "since", errors), _day(given["until"], "until", errors)
    return (
        AuditFilter(
            action=given["action"],
            actor_ids=_people(reader, given["who"]),
            subject_id=given["subject"],
            since=since,
            until=until + timedelta(days=1) if until else None,
        ),
        errors,
    )


def _day(value: str, field: str, errors: dict[str, str]) -> datetime | None:
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
        if not 2000 <= day.year <= 2200:
            raise ValueError("year")
    except ValueError:
        errors[field] = "日期格式不对，例如 2026-11-23"
        return None
    return datetime.combine(day, time(), SHANGHAI)


def _people(reader: Session, who: str) -> list[UUID] | None:
    """People of that name, or the one with that id. None: everybody."""
    if not who:
        return None
    try:
        return [UUID(who)]
    except ValueError:
        return list(reader.scalars(select(Person.id).where(Person.name == who).limit(MOST_NAMESAKES)))


def _names(reader: Session, rows: Iterable[AuditRow]) -> dict[UUID, str]:
    wanted = {row.actor_id for row in rows if row.actor_id is not None}
    if not wanted:
        return {}
    found = reader.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name or "未填姓名" for row in found}
