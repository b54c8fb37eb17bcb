"""Imports: kept as a draft when uploaded, planned anew and written when confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.unions.accounts.actions import normalise_username
from server.unions.accounts.credentials.passwords import hash_password, one_time_password
from server.unions.actor import Actor
from server.unions.imports.models import ImportDraft, ImportKind
from server.unions.imports.plans.people import PlannedPerson, apply_people, plan_people
from server.unions.imports.plans.reports import Outcome, Report
from server.unions.imports.plans.unions import apply_unions, plan_unions
from server.unions.imports.sheets.workbook import RawRow

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OneTime:
    """An account to be opened: its one-time password is shown once, its hash is stored."""

    name: str
    username: str
    password: str
    password_hash: str


def create_draft(session: Session, kind: ImportKind, rows: list[RawRow], *, actor: Actor, now: datetime) -> ImportDraft:
    """Keep the rows of a sheet until they are confirmed. Drafts older than a day go."""
    session.execute(delete(ImportDraft).where(ImportDraft.created_at < now - KEPT))
    draft = ImportDraft(
        id=ids.new_id(),
        person_id=actor.person_id,
        kind=kind,
        created_at=now,
        rows=[[row.number, row.cells, row.errors] for row in rows],
    )
    session.add(draft)
    session.flush()
    return draft


def get_draft(session: Session, draft_id: UUID, actor: Actor, *, lock: bool = False) -> ImportDraft:
    """One's own draft. Raises NotFound."""
    statement = select(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.person_id == actor.person_id)
    draft = session.scalar(statement.with_for_update() if lock else statement)
    if draft is None:
        raise NotFound("这次导入已经过期，请重新上传。", code="import_not_found")
    return draft


@dataclass(frozen=True, slots=True)
class Sorted:
    """A draft's rows: those that can be taken over without the others, and what is wrong with those."""

    good: list[RawRow]
    report: Report


def sort_rows(session: Session, draft: ImportDraft, actor: Actor) -> Sorted:
    """What the draft would do now. What stands on a wrong row (a union under one that is not made) is wrong as well."""
    rows = _rows(draft)
    report = _plan(session, draft.kind, rows, actor)
    reports = {row.number: row for row in report.rows}
    while wrong := {row.number: row for row in report.rows if row.outcome is Outcome.WRONG}:
        reports |= wrong
        rows = [row for row in rows if row.number not in wrong]
        report = _plan(session, draft.kind, rows, actor)
    return Sorted(rows, Report(list(reports.values()), report.columns))


def _plan(session: Session, kind: ImportKind, rows: list[RawRow], actor: Actor) -> Report:
    report, _ = plan_unions(session, rows, actor) if kind is ImportKind.UNIONS else plan_people(session, rows, actor)
    return report


def prepare_accounts(session: Session, draft: ImportDraft, actor: Actor, *, good_alone: bool) -> list[OneTime]:
    """One-time passwords for the accounts the draft would open. Slow on purpose: call it before the transaction."""
    if draft.kind is not ImportKind.PEOPLE:
        return []
    rows = sort_rows(session, draft, actor).good if good_alone else _rows(draft)
    report, planned = plan_people(session, rows, actor)
    opening = [one for one in planned if one.needs_account] if report.is_clean else []
    return [_one_time(one) for one in opening]


def _one_time(one: PlannedPerson) -> OneTime:
    password = one_time_password()
    return OneTime(one.row.name, normalise_username(one.row.username or ""), password, hash_password(password))


def commit_draft(
    session: Session,
    draft_id: UUID,
    accounts: list[OneTime],
    *,
    good_alone: bool,
    good_until: datetime,
    actor: Actor,
    now: datetime,
) -> Report:
    """Write everything the draft says, or nothing: the report tells which. A row is written once.

    `good_alone`: without the wrong rows, which stay in the draft. `good_until`: of the passwords in `accounts`.

    Raises Conflict `import_done` for a draft written already, and `import_changed` if the world moved on meanwhile.
    """
    draft = get_draft(session, draft_id, actor, lock=True)
    if draft.committed_at is not None:
        raise Conflict("这个文件已经导入过了。", code="import_done")
    rows = sort_rows(session, draft, actor).good if good_alone else _rows(draft)
    if not rows:
        raise Conflict("没有可以导入的行。", code="nothing_to_import")
    hashes = {one.username: one.password_hash for one in accounts}
    try:
        report = _apply(session, draft.kind, rows, hashes, good_until, actor, now)
    except IntegrityError as error:  # somebody else wrote the same code or login name at this very moment
        raise _changed() from error
    if not report.is_clean:
        return report
    _close(session, draft, report, actor, now)
    return report


def _close(session: Session, draft: ImportDraft, report: Report, actor: Actor, now: datetime) -> None:
    """Keep what was not written, and say what was."""
    written = {row.number for row in report.rows}
    draft.rows = [row for row in draft.rows if row[0] not in written]
    draft.committed_at = None if draft.rows else now
    detail = {"kind": draft.kind.value, "new": report.count(Outcome.NEW), "changed": report.count(Outcome.CHANGED)}
    record(
        session,
        "import.committed",
        subject_type="import",
        subject_id=draft.id,
        actor_id=actor.person_id,
        at=now,
        detail={**detail, "left_out": len(draft.rows)},
    )
    session.flush()


def _apply(
    session: Session,
    kind: ImportKind,
    rows: list[RawRow],
    hashes: dict[str, str],
    good_until: datetime,
    actor: Actor,
    now: datetime,
) -> Report:
    if kind is ImportKind.UNIONS:
        report, unions = plan_unions(session, rows, actor)
        if report.is_clean:
            apply_unions(session, unions, actor=actor, now=now)
        return report
    report, people = plan_people(session, rows, actor)
    if report.is_clean:
        if not {normalise_username(one.row.username or "") for one in people if one.needs_account} <= hashes.keys():
            raise _changed()
        apply_people(session, people, hashes, good_until=good_until, actor=actor, now=now)
    return report


def _changed() -> Conflict:
    return Conflict("组织或人员资料刚刚有变化，什么都没有导入，请再试一次。", code="import_changed")


def _rows(draft: ImportDraft) -> list[RawRow]:
    return [RawRow(number, dict(cells), dict(errors)) for number, cells, errors in draft.rows]
