"""Pages of locations: the register, new ones, one of them, and codes to print."""

from typing import Any, cast
from uuid import UUID

import segno
from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from server.activities.locations.actions import add_locations, edit_location, set_active
from server.activities.locations.listing import LOCATIONS
from server.activities.locations.models import Location
from server.activities.locations.permissions import MAY_EDIT
from server.activities.locations.queries import get_location, list_some
from server.activities.locations.rules import MOST, place_text, scan_link, spell
from server.activities.locations.schemas import ActiveIn, LocationIn, LocationsIn, UnionQuery
from server.activities.locations.texts import KIND_NAMES
from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.settings import Settings
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, form_values, posted_or_invalid, query_params, union_words
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.filters import read_filters
from server.kit.listing import show_list
from server.kit.selections import picked_of_list
from server.unions.actor import current_actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions

bp = Blueprint("locations_console", __name__, url_prefix="/console/locations", template_folder="templates")
ENTERPRISES = frozenset({Level.ENTERPRISE})


@bp.get("")
@requires("location.read")
def locations() -> str:
    """The register."""
    return render_template("locations/list.html", page=show_list(LOCATIONS))


@bp.get("/ledger.xlsx")
@requires("location.read")
def ledger() -> Response:
    """The register as a sheet."""
    return send_ledger(LOCATIONS)


@bp.get("/new")
@requires("location.edit")
def new() -> str:
    """A form for several at once."""
    actor = current_actor()
    own = next((role.union_id for role in actor.roles if role.level is Level.ENTERPRISE), None)
    return _new_page({}, {}, query_params(UnionQuery).union or own)


@bp.post("")
@requires("location.edit")
def add() -> AnyResponse | tuple[str, int] | str:
    """Add them; whoever only looked for an enterprise gets the form again."""
    posted = form_values().to_dict()
    if (words := union_words()) is not None:
        return _new_page(posted, {}, posted.get("union"), words=words)
    form = form_data(LocationsIn)
    if form.value is None:
        return _new_page(posted, form.errors, posted.get("union")), 422
    try:
        added = add_locations(session(), form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _new_page(posted, error.fields or {}, posted.get("union"), message=error.message), error.status
    flash(f"登记了 {added} 个点位，可以打印二维码了。" if added else "这些点位都登记过了。")
    return redirect(f"/console/locations?union={form.value.union}", code=303)


@bp.post("/codes")
@requires("location.read")
def codes() -> AnyResponse | str:
    """Codes of the rows that were picked, to print and stick on."""
    try:
        selection = picked_of_list(LOCATIONS, most=MOST)
    except Invalid as error:
        flash(error.message, "error")
        return redirect(LOCATIONS.href(read_filters(LOCATIONS.filters).to_query()), code=303)
    found = list_some(session(), [each.id for each in selection.rows], current_actor())
    labels = [_label(location, enterprise) for location, enterprise in found]
    return render_template("locations/codes.html", labels=labels, is_cut=selection.is_cut, most=MOST)


@bp.get("/<uuid:location_id>")
@requires("location.read")
def location(location_id: UUID) -> str:
    """One of them, with its code."""
    return _page(session(), location_id)


@bp.post("/<uuid:location_id>")
@requires("location.edit")
def edit(location_id: UUID) -> AnyResponse | tuple[str, int]:
    """Other words for it."""
    form = form_data(LocationIn)
    if form.value is None:
        return _page(session(), location_id, form), 422
    try:
        edit_location(session(), location_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(session(), location_id, form, error.message), error.status
    flash("已保存。贴着的二维码还能用，不用重新打印。")
    return redirect(f"/console/locations/{location_id}", code=303)


@bp.post("/<uuid:location_id>/active")
@requires("location.edit")
def activate(location_id: UUID) -> AnyResponse:
    """Out of use, or in use again."""
    body = posted_or_invalid(ActiveIn, "请刷新页面后再试。")
    found = set_active(session(), location_id, body, actor=current_actor(), now=clock.now())
    flash("已重新启用。" if found.is_active else "已停用，扫这个码会提示自己核对地点。")
    return redirect(f"/console/locations/{location_id}", code=303)


def _new_page(raw: dict[str, Any], errors: Any, union: Any, *, message: str = "", words: str | None = None) -> str:
    return render_template(
        "locations/new.html", raw=raw, errors=errors, message=message, most=MOST,
        offered=offer_unions(session(), current_actor(), ENTERPRISES, union, words),
        kinds=[(each.value, name) for each, name in KIND_NAMES.items()],
    )  # fmt: skip


def _page(reader: Session, location_id: UUID, form: Form[LocationIn] | None = None, message: str = "") -> str:
    actor = current_actor()
    found = get_location(reader, location_id, actor)
    [(_, enterprise)] = list_some(reader, [found.id], actor)
    return render_template(
        "locations/location.html", location=found, enterprise=enterprise, form=form, message=message,
        label=_label(found, enterprise), kind_name=KIND_NAMES[found.kind],
        may_edit=actor.holds_over(found, MAY_EDIT),
    )  # fmt: skip


def _label(found: Location, enterprise: str) -> dict[str, str]:
    site = cast(Settings, current_app.extensions["settings"]).public_url or request.host_url
    picture = segno.make(scan_link(site, found.code), error="m", micro=False).svg_data_uri(scale=4, border=2)
    return {
        "picture": picture, "name": found.name, "whereabouts": found.whereabouts, "enterprise": enterprise,
        "place": place_text(found.name, found.whereabouts), "code": spell(found.code),
    }  # fmt: skip
