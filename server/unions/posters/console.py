"""Posters on the console: ask for one, look at it, download it."""

from typing import cast
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)

from server.core import clock
from server.core.errors import NotFound
from server.core.settings import Settings
from server.core.storage.base import ObjectMissing, ObjectStore
from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor
from server.unions.posters.actions import ask_for_poster
from server.unions.posters.printing.addresses import picture_key
from server.unions.posters.queries import find_poster, get_inviting_union
from server.unions.posters.schemas import PictureQuery

bp = Blueprint("posters_console", __name__, url_prefix="/console/unions", template_folder="templates")


@bp.get("/<uuid:union_id>/poster")
@requires("union.edit")
def show_poster(union_id: UUID) -> str:
    """The poster, or how it gets made."""
    return _page("posters/poster.html", union_id)


@bp.get("/<uuid:union_id>/poster/state")
@requires("union.edit")
def show_state(union_id: UUID) -> str:
    """The part of the page that changes while the poster is drawn."""
    return _page("posters/_state.html", union_id)


@bp.post("/<uuid:union_id>/poster")
@limiter.limit("20/minute")
@requires("union.edit")
def ask(union_id: UUID) -> Response:
    """Have it drawn, or drawn anew."""
    settings = cast(Settings, current_app.extensions["settings"])
    site = settings.public_url or request.host_url
    ask_for_poster(session(), union_id, site=site, actor=current_actor(), now=clock.now())
    return make_response(redirect(url_for(".show_poster", union_id=union_id), 303))


@bp.get("/<uuid:union_id>/poster.png")
@requires("union.edit")
def download(union_id: UUID) -> Response:
    """The picture."""
    union = get_inviting_union(session(), union_id, current_actor())
    poster = find_poster(session(), union)
    if poster is None or poster.drawn_at is None:
        raise NotFound("海报还没有做好，请过一会儿再下载。", code="poster_pending")
    store = cast(ObjectStore, current_app.extensions["object_store"])
    try:
        content = store.open(picture_key(union.id, poster.invite_code))
    except ObjectMissing as missing:
        raise NotFound("海报不见了，请重新生成。", code="poster_missing") from missing
    name = f"邀请海报-{union.name}.png"
    keep = query_params(PictureQuery).download
    response = send_file(content, mimetype="image/png", as_attachment=keep, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(template: str, union_id: UUID) -> str:
    union = get_inviting_union(session(), union_id, current_actor())
    return render_template(template, union=union, poster=find_poster(session(), union))
