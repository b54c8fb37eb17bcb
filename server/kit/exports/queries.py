"""Reads of long sheets."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.sheets import XLSX
from server.core.slice import declared
from server.kit.exports.books.declared import AskedBook
from server.kit.exports.models import ListExport
from server.kit.exports.papers.sets import MEDIA_TYPES, PickedPapers
from server.kit.filters import ListFilter
from server.kit.listing import Listing, Request
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment
from server.unions.people.selves.queries import other_selves
from server.unions.tree.models import Union

KEPT_UNDER = "ledgers/"


def export_key(export_id: UUID, form: str = "xlsx") -> str:
    """Where a sheet, or a file of papers, lies in the object store."""
    return f"{KEPT_UNDER}{export_id}.{form}"


def get_export(session: Session, export_id: UUID, person_id: UUID, now: datetime) -> ListExport:
    """Raises NotFound for somebody else's and for one that has expired."""
    export = session.get(ListExport, export_id)
    if export is None or export.person_id != person_id or export.expires_at <= now:
        raise NotFound("这份台账已经过期，请回到列表重新导出。", code="export_expired")
    return export


def papers_of(export: ListExport) -> PickedPapers | None:
    """What papers it is of; None for a sheet."""
    return PickedPapers.of(export.papers) if export.papers is not None and "set" in export.papers else None


def book_of(export: ListExport) -> AskedBook | None:
    """Which book it is; None for a ledger or papers."""
    return AskedBook.of(export.papers) if export.papers is not None and "book" in export.papers else None


def file_of(export: ListExport) -> tuple[str, str]:
    """Where its file lies in the object store, and of what media type it is."""
    picked = papers_of(export)
    if picked is None:
        return export_key(export.id), XLSX
    return export_key(export.id, picked.form), MEDIA_TYPES[picked.form]


def get_listing(name: str) -> Listing[Any, Any]:
    """The list that is called so. Raises NotFound."""
    for each in declared().lists:
        if each.name == name and isinstance(each, Listing):
            return each
    raise NotFound


def find_asker(session: Session, export: ListExport) -> Actor | None:
    """Who asked for a sheet, with the roles that they had then; None if they have lost one, or may not sign in."""
    held = session.execute(
        select(RoleAssignment.role, Union.id, Union.level, Union.name)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(RoleAssignment.person_id == export.person_id, Union.is_active.is_(True))
    )
    roles = {f"{row.role.value}@{row.id}": RoleAt(*row) for row in held}
    person = session.get(Person, export.person_id)
    if person is None or not person.is_active or not export.roles.keys() <= roles.keys():
        return None
    lent = tuple(roles[key] for key in export.roles)
    others = other_selves(session, [person.id]).get(person.id, frozenset())
    return Actor(person.id, person.name, person.id, None, lent, other_ids=others)


def request_of(session: Session, listing: Listing[Any, Any], export: ListExport, actor: Actor) -> Request[Any]:
    """What was asked of the list, at the moment when it was asked."""
    return Request(session, actor, _filters_of(listing, export), export.requested_at, is_sheet=True)


def kept_query(export: ListExport) -> str:
    """The filters of a sheet that is done, without whom one looked for: they lead back to the list, no more."""
    if book_of(export) is not None:
        return ""
    return _filters_of(get_listing(export.list_name), export).to_kept_query()


def _filters_of(listing: Listing[Any, Any], export: ListExport) -> ListFilter:
    filters: ListFilter = listing.filters.model_validate(dict(parse_qsl(export.query)))
    return filters
