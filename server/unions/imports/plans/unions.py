"""Unions from a sheet: checked against the sheet itself and the tree as it is, then written in bulk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.text import search_key
from server.unions.actor import Actor
from server.unions.imports.plans.finding import CHUNK, find_unions
from server.unions.imports.plans.reports import Outcome, Report, RowReport
from server.unions.imports.sheets.shapes import UNION_COLUMNS, UnionRow, check_row
from server.unions.imports.sheets.workbook import RawRow
from server.unions.roles import Level
from server.unions.tree.actions import keep_traits
from server.unions.tree.lookup.invites import new_invite_code
from server.unions.tree.lookup.traits import list_answers, read_traits
from server.unions.tree.models import Union
from server.unions.tree.rules import ENTERPRISE_FIELDS, PARENT_LEVELS, RANK, ancestors_of, is_above

PLACE_FIELDS = frozenset({"code", "level", "parent_code"})
OWN_TABLE = "traits"  # what is no column of the union's row


@dataclass(slots=True)
class PlannedUnion:
    """A row that is right, the union it is about, and how to write it."""

    row: UnionRow
    report: RowReport
    union: Union | None  # as it stands in the tree; None for a new one
    above: Union | None = None  # the parent as it stands in the tree
    parent: "Union | PlannedUnion | None" = None
    traits: dict[str, bool] = field(default_factory=dict)  # what was said of it before
    made: Union | None = None  # never added to a session; carries ancestors to the rows below


def plan_unions(session: Session, raws: Sequence[RawRow], actor: Actor) -> tuple[Report, list[PlannedUnion]]:
    """What the rows would do, and the plan to do it, parents before children."""
    reports: list[RowReport] = []
    planned: dict[str, PlannedUnion] = {}
    for raw in raws:
        row, errors = check_row(UnionRow, raw)
        report = RowReport(raw, Outcome.WRONG if errors else Outcome.NEW, errors)
        reports.append(report)
        if row is None:
            continue
        if row.code in planned:
            report.refuse("code", f"和第 {planned[row.code].report.number} 行的编号重复")
            continue
        planned[row.code] = PlannedUnion(row, report, None)
    stored = _load(session, {code for one in planned.values() for code in (one.row.code, one.row.parent_code)})
    words = {one.row.parent_code for one in planned.values()} - stored.keys() - planned.keys()
    traits = _load_traits(session, stored.values())
    named = find_unions(session, words, Union.is_active.is_(True))
    for one in planned.values():
        one.union = stored.get(one.row.code)
        one.traits = traits.get(one.union.id, {}) if one.union is not None else {}
        one.above = stored.get(one.row.parent_code) or _only(one, named.get(one.row.parent_code, []), actor)
        one.parent = planned.get(one.row.parent_code) or one.above
        _check_fields(one)
        _check_place(one, actor)
    _check_names(session, planned.values())
    for one in planned.values():
        _weigh(one)
    order = sorted(planned.values(), key=lambda one: RANK[one.row.level])
    return Report(reports, UNION_COLUMNS), order


def _load(session: Session, codes: set[str]) -> dict[str, Union]:
    wanted, found = sorted(codes), {}
    for start in range(0, len(wanted), CHUNK):
        for union in session.scalars(select(Union).where(Union.code.in_(wanted[start : start + CHUNK]))):
            found[str(union.code)] = union
    return found


def _load_traits(session: Session, unions: Collection[Union]) -> dict[UUID, dict[str, bool]]:
    wanted = [union.id for union in unions]
    found: dict[UUID, dict[str, bool]] = {}
    for start in range(0, len(wanted), CHUNK):
        found |= read_traits(session, wanted[start : start + CHUNK])
    return found


def _only(one: PlannedUnion, named: Sequence[Union], actor: Actor) -> Union | None:
    """Of several of one name the one in the actor's gift."""
    known = [union for union in named if _holds_or_above(actor, union)]
    if len(known) > 1:
        one.report.refuse("parent_code", "有几个同名的工会，请填编号")
    return known[0] if len(known) == 1 else None


def _check_fields(one: PlannedUnion) -> None:
    """Fields that do not fit the level must stay empty."""
    plain = one.row.model_dump()
    if one.row.level is not Level.ENTERPRISE:
        for name in (*ENTERPRISE_FIELDS, OWN_TABLE):
            if plain[name]:
                one.report.refuse(name, "只有企业才填这一列")
    if one.row.tags and one.row.level is Level.TEAM:
        one.report.refuse("tags", "班组不填这一列")
    if one.row.affiliation is not None and one.row.level is not Level.DISTRICT:
        one.report.refuse("affiliation", "只有区市一级才填这一列")


def _check_place(one: PlannedUnion, actor: Actor) -> None:
    """The parent is there, of a fitting level, and within the actor's gift."""
    parent = one.parent
    if parent is None or parent is one:
        one.report.refuse("parent_code", "没有这个编号或名称的上级工会")
        return
    level = parent.row.level if isinstance(parent, PlannedUnion) else parent.level
    if level not in PARENT_LEVELS[one.row.level]:
        one.report.refuse("parent_code", "这一级工会不能做它的上级")
    above = one.above
    if above is not None and not _holds_or_above(actor, above):
        one.report.refuse("parent_code", "上级不在您的管理范围内")
    if isinstance(parent, PlannedUnion) and parent.report.outcome is Outcome.WRONG:
        one.report.refuse("parent_code", f"上级（第 {parent.report.number} 行）有错误")
    if one.union is None:
        stored = parent.union if isinstance(parent, PlannedUnion) else parent
        if stored is not None and not stored.is_active:
            one.report.refuse("parent_code", "上级已停用")
        return
    if not is_above(actor, one.union):
        one.report.refuse("code", "这个编号的工会不归您管理")
    elif one.union.level is not one.row.level:
        one.report.refuse("level", "和已有的级别不同")
    elif above is None or one.union.parent_id != above.id:
        one.report.refuse("parent_code", "和已有的上级不同，请在工会页面移动")


def _holds_or_above(actor: Actor, union: Union) -> bool:
    return is_above(actor, union) or any(role_at.union_id == union.id for role_at in actor.roles)


def _check_names(session: Session, planned: Collection[PlannedUnion]) -> None:
    """Names are told apart under one parent, in the sheet and in the tree."""
    seen: dict[tuple[str, str], PlannedUnion] = {}
    under: dict[UUID, dict[str, str | None]] = {}
    parents = {one.parent.id for one in planned if isinstance(one.parent, Union)}
    parents |= {one.parent.union.id for one in planned if isinstance(one.parent, PlannedUnion) and one.parent.union}
    wanted = sorted(parents, key=str)
    for start in range(0, len(wanted), CHUNK):
        rows = session.execute(
            select(Union.parent_id, Union.name, Union.code).where(Union.parent_id.in_(wanted[start : start + CHUNK]))
        )
        for parent_id, name, code in rows:
            if parent_id is not None:
                under.setdefault(parent_id, {})[name] = code
    for one in planned:
        place = str(one.above.id) if one.above is not None else one.row.parent_code
        twin = seen.setdefault((place, one.row.name), one)
        if twin is not one:
            one.report.refuse("name", f"和第 {twin.report.number} 行同名，上级也相同")
        parent = one.parent.union if isinstance(one.parent, PlannedUnion) else one.parent
        known = under.get(parent.id, {}) if parent is not None else {}
        if one.row.name in known and known[one.row.name] != one.row.code:
            one.report.refuse("name", "同一上级下已有同名工会")


def _weigh(one: PlannedUnion) -> None:
    if one.report.outcome is not Outcome.WRONG and one.union is not None:
        says_more = one.row.traits.items() - one.traits.items()
        one.report.outcome = Outcome.CHANGED if _changes(one) or says_more else Outcome.SAME


def _changes(one: PlannedUnion) -> dict[str, object]:
    """What an existing union gets. Cells left empty leave what is there."""
    given = one.row.model_dump(exclude_unset=True, exclude={*PLACE_FIELDS, OWN_TABLE})
    return {key: value for key, value in given.items() if one.union is not None and getattr(one.union, key) != value}


def _keys(changes: Mapping[str, object]) -> dict[str, str]:
    """What the search compares, of what is changed by a statement rather than in an object."""
    return {f"{name}_key": search_key(str(changes[name] or "")) for name in ("name", "code") if name in changes}


def apply_unions(session: Session, order: Sequence[PlannedUnion], *, actor: Actor, now: datetime) -> None:
    """Write a clean plan. The caller's transaction makes it whole."""
    fresh: list[dict[str, Any]] = []
    for one in order:
        if one.report.outcome is Outcome.NEW:
            row = _new_row(one, now)
            fresh.append(row)
            action, detail = "union.created", {"level": one.row.level.value, "parent_id": str(row["parent_id"])}
            record(
                session,
                action,
                subject_type="union",
                subject_id=row["id"],
                actor_id=actor.person_id,
                at=now,
                detail={**detail, "by": "import"},
            )
        elif one.report.outcome is Outcome.CHANGED and one.union is not None and (changes := _changes(one)):
            session.execute(
                update(Union)
                .where(Union.id == one.union.id)
                .values(**changes, **_keys(changes), version=Union.version + 1, updated_at=now)
                .execution_options(synchronize_session=False)
            )
            record(
                session,
                "union.updated",
                subject_type="union",
                subject_id=one.union.id,
                actor_id=actor.person_id,
                at=now,
                detail={"changed": sorted(changes), "by": "import"},
            )
    if fresh:
        session.execute(insert(Union), fresh)
    for one in order:
        written = one.union or one.made
        if written is not None and one.row.traits.items() - one.traits.items():
            before = list_answers(session, written.id)
            keep_traits(session, written.id, one.row.traits, before, actor_id=actor.person_id, now=now)


def _new_row(one: PlannedUnion, now: datetime) -> dict[str, Any]:
    above = one.parent
    parent = (above.union or above.made) if isinstance(above, PlannedUnion) else above
    if parent is None:
        raise RuntimeError("a parent is planned before its children")
    union_id = ids.new_id()
    row: dict[str, Any] = {
        **one.row.model_dump(exclude={"parent_code", OWN_TABLE}),
        **ancestors_of(one.row.level, union_id, parent),
        "id": union_id,
        "parent_id": parent.id,
        "is_active": True,
        "version": 1,
        "created_at": now,
        "updated_at": now,
        "invite_code": new_invite_code() if one.row.level is Level.ENTERPRISE else None,
    }
    one.made = Union(**row)
    return row
