"""People from a sheet: found again by phone number within the caller's scope, roles and accounts given as wanted.

A number finds those who have proved it or of whom the office wrote it down, never those who typed it themselves.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import AppError
from server.unions.accounts.actions import create_account, normalise_username
from server.unions.accounts.models import Account
from server.unions.actor import Actor, in_scope
from server.unions.imports.plans.finding import CHUNK, find_unions
from server.unions.imports.plans.people_words import describe_changes, describe_known
from server.unions.imports.plans.reports import Outcome, Report, RowReport
from server.unions.imports.sheets.shapes import PEOPLE_COLUMNS, PersonRow, check_row
from server.unions.imports.sheets.workbook import RawRow
from server.unions.people.models import Person, PhoneSource, RoleAssignment
from server.unions.people.permissions import MANAGERS
from server.unions.people.queries import list_posts, people_in_scope
from server.unions.people.rules import Post, check_grant, may_manage
from server.unions.people.selves.queries import known_by_phones, note_phone
from server.unions.roles import CONSOLE, ROLE_NAMES, Level
from server.unions.tree.models import Union

MAX_ACCOUNTS = 100  # each takes a hash on purpose slow


@dataclass(slots=True)
class PlannedPerson:
    """A row that is right, whom it is about, and what they get."""

    row: PersonRow
    report: RowReport
    person: Person | None = None
    posts: Sequence[Post] = ()
    enterprise: Union | None = None
    union: Union | None = None
    username_known: str | None = None

    @property
    def needs_account(self) -> bool:
        """Whether a new account is to be opened."""
        return self.row.username is not None and self.username_known is None

    @property
    def needs_role(self) -> bool:
        """Whether the role is new to the person."""
        held = {(post.role, post.union.id) for post in self.posts}
        return self.row.role is not None and self.union is not None and (self.row.role, self.union.id) not in held

    def changes(self) -> dict[str, object]:
        """Columns of an existing person to change. Cells left empty leave what is there."""
        if self.person is None:
            return {}
        wanted: dict[str, object] = {"name": self.row.name}
        if self.enterprise is not None:
            wanted["enterprise_id"] = self.enterprise.id
        return {key: value for key, value in wanted.items() if getattr(self.person, key) != value}


def plan_people(session: Session, raws: Sequence[RawRow], actor: Actor) -> tuple[Report, list[PlannedPerson]]:
    """What the rows would do, and the plan to do it."""
    reports: list[RowReport] = []
    planned: dict[str, PlannedPerson] = {}
    for raw in raws:
        row, errors = check_row(PersonRow, raw)
        report = RowReport(raw, Outcome.WRONG if errors else Outcome.NEW, errors)
        reports.append(report)
        if row is None:
            continue
        if row.phone in planned:
            report.refuse("phone", f"和第 {planned[row.phone].report.number} 行的手机重复")
            continue
        planned[row.phone] = PlannedPerson(row, report)
    rows = list(planned.values())
    _find_people(session, rows, actor)
    _find_unions(session, rows, actor)
    _find_usernames(session, rows)
    for one in rows:
        _check_role(one, actor)
        _weigh(one)
    _describe(session, rows)
    _limit_accounts(rows)
    return Report(reports, PEOPLE_COLUMNS), rows


def _find_people(session: Session, rows: Sequence[PlannedPerson], actor: Actor) -> None:
    found = known_by_phones(session, {one.row.phone for one in rows}, people_in_scope(actor, MANAGERS))
    people = [person.id for several in found.values() for person in several]
    holders, posts = set[UUID](), dict[UUID, list[Post]]()
    for start in range(0, len(people), CHUNK):
        some = people[start : start + CHUNK]
        posts |= list_posts(session, some)
        holders |= set(session.scalars(select(Account.person_id).where(Account.person_id.in_(some))))
    for one in rows:
        meant = _whom(found.get(one.row.phone, []), holders)
        if len(meant) > 1:
            names = "、".join(person.name or "未填姓名" for person in meant)
            one.report.refuse("phone", f"有几个人用这个手机号（{names}），请在人员页面处理")
        elif meant:
            one.person, one.posts = meant[0], posts.get(meant[0].id, [])
            if not may_manage(actor, one.posts):
                one.report.refuse("phone", "这个手机号的人不归您管理")


def _whom(known: Sequence[Person], holders: Collection[UUID]) -> Sequence[Person]:
    """Of those whom a number identifies, who is meant: with an account, else who has proved it, else all of them."""
    for surest in (
        [person for person in known if person.id in holders],
        [person for person in known if person.phone_source is PhoneSource.PROVED],
    ):
        if surest:
            return surest
    return known


def _find_unions(session: Session, rows: Sequence[PlannedPerson], actor: Actor) -> None:
    words = {word for one in rows for word in (one.row.enterprise_code, one.row.union_code) if word}
    found = find_unions(session, words, Union.is_active.is_(True), in_scope(actor, Union, CONSOLE))
    for one in rows:
        if one.row.enterprise_code is not None:
            known = found.get(one.row.enterprise_code, [])
            enterprises = [union for union in known if union.level is Level.ENTERPRISE]
            one.enterprise = _only(one.report, "enterprise_code", "企业", enterprises)
        if one.row.union_code is not None:
            one.union = _only(one.report, "union_code", "工会", found.get(one.row.union_code, []))


def _only(report: RowReport, field: str, what: str, known: Sequence[Union]) -> Union | None:
    """The one union that is meant; the field is refused where there is none, or several."""
    if len(known) == 1:
        return known[0]
    report.refuse(field, f"{what}有几个同名的，请填编号" if known else f"您的管理范围内没有这个编号或名称的{what}")
    return None


def _find_usernames(session: Session, rows: Sequence[PlannedPerson]) -> None:
    named: dict[str, PlannedPerson] = {}
    for one in rows:
        if one.row.username is not None:
            twin = named.setdefault(normalise_username(one.row.username), one)
            if twin is not one:
                one.report.refuse("username", f"和第 {twin.report.number} 行的登录名重复")
    people = {one.person.id: one for one in rows if one.person is not None}
    wanted, keys = sorted(named), sorted(people, key=str)
    for start in range(0, len(wanted), CHUNK):
        taken = select(Account.username, Account.person_id).where(Account.username.in_(wanted[start : start + CHUNK]))
        for username, person_id in session.execute(taken):
            one = named[username]
            if one.person is None or one.person.id != person_id:
                one.report.refuse("username", "这个登录名已经有人用了")
    for start in range(0, len(keys), CHUNK):
        held = select(Account.username, Account.person_id).where(Account.person_id.in_(keys[start : start + CHUNK]))
        for username, person_id in session.execute(held):
            one = people[person_id]
            one.username_known = username
            if one.row.username is not None and normalise_username(one.row.username) != username:
                one.report.refuse("username", f"这个人的登录名已经是 {username}，不能在这里更改")


def _check_role(one: PlannedPerson, actor: Actor) -> None:
    row = one.row
    if (row.role is None) != (row.union_code is None):
        missing = "role" if row.role is None else "union_code"
        one.report.refuse(missing, "“角色”和“角色所在工会”要一起填")
    if row.username is not None and row.role is None:
        one.report.refuse("username", "没有角色的人不用登录名")
    if row.role is not None and row.username is None and one.username_known is None:
        one.report.refuse("username", "有角色的人要填登录名")
    if row.role is None and row.enterprise_code is None:
        one.report.refuse("enterprise_code", "没有角色的人要填所在企业")
    if row.role is not None and one.union is not None:
        try:
            check_grant(actor, row.role, one.union)
        except AppError as error:
            one.report.refuse("role", error.message)


def _weigh(one: PlannedPerson) -> None:
    if one.report.outcome is Outcome.WRONG or one.person is None:
        return
    changed = bool(one.changes()) or one.needs_account or one.needs_role
    one.report.outcome = Outcome.CHANGED if changed else Outcome.SAME


def _describe(session: Session, rows: Sequence[PlannedPerson]) -> None:
    """Say who is changed: only then can somebody see that a number leads to the wrong person."""
    people = [one.person for one in rows if one.person is not None]
    wanted = sorted({person.enterprise_id for person in people if person.enterprise_id is not None})
    names: dict[UUID, str] = {}
    for start in range(0, len(wanted), CHUNK):
        named = select(Union.id, Union.name).where(Union.id.in_(wanted[start : start + CHUNK]))
        names |= {row.id: row.name for row in session.execute(named)}
    for one in rows:
        if one.person is None:
            continue
        where = names.get(one.person.enterprise_id) if one.person.enterprise_id is not None else None
        one.report.known = describe_known(one.person, one.posts, where, one.username_known)
        post = None
        if one.needs_role and one.row.role is not None and one.union is not None:
            post = f"{one.union.name}的{ROLE_NAMES[one.row.role]}"
        opened = one.row.username if one.needs_account else None
        one.report.changes = describe_changes(one.changes(), one.enterprise, post, opened)


def _limit_accounts(rows: Sequence[PlannedPerson]) -> None:
    opening = [one for one in rows if one.needs_account]
    for one in opening[MAX_ACCOUNTS:]:
        one.report.refuse("username", f"一次最多开通 {MAX_ACCOUNTS} 个账号，请分成几个文件")


def apply_people(
    session: Session,
    rows: Sequence[PlannedPerson],
    hashes: dict[str, str],
    *,
    good_until: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a clean plan. `hashes` holds the hash of a one-time password for every login name to be opened."""
    for one in rows:
        if one.report.outcome in (Outcome.NEW, Outcome.CHANGED):
            person_id = _write_person(session, one, actor, now)
            if one.needs_account and one.row.username is not None:
                password_hash = hashes[normalise_username(one.row.username)]
                create_account(
                    session,
                    person_id,
                    one.row.username,
                    password_hash,
                    good_until=good_until,
                    actor_id=actor.person_id,
                    now=now,
                )
            if one.needs_role and one.row.role is not None and one.union is not None:
                session.add(
                    RoleAssignment(
                        id=ids.new_id(),
                        person_id=person_id,
                        role=one.row.role,
                        union_id=one.union.id,
                        granted_by_id=actor.person_id,
                        granted_at=now,
                    )
                )
                _record(
                    session, "role.granted", person_id, actor, now, role=one.row.role.value, union_id=str(one.union.id)
                )
    session.flush()


def _write_person(session: Session, one: PlannedPerson, actor: Actor, now: datetime) -> UUID:
    if one.person is None:
        person = Person(
            id=ids.new_id(),
            name=one.row.name,
            phone=one.row.phone,
            phone_source=PhoneSource.ENTERED,
            is_active=True,
            version=1,
            created_at=now,
            updated_at=now,
            enterprise_id=one.enterprise.id if one.enterprise is not None else None,
        )
        session.add(person)
        session.flush()
        note_phone(session, person, now)
        _record(session, "person.created", person.id, actor, now)
        return person.id
    if changes := one.changes():
        for key, value in changes.items():
            setattr(one.person, key, value)
        one.person.version += 1
        one.person.updated_at = now
        _record(session, "person.updated", one.person.id, actor, now, changed=sorted(changes))
    return one.person.id


def _record(session: Session, action: str, person_id: UUID, actor: Actor, now: datetime, **detail: object) -> None:
    record(
        session,
        action,
        subject_type="person",
        subject_id=person_id,
        actor_id=actor.person_id,
        at=now,
        detail={**detail, "by": "import"},
    )
