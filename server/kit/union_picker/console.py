"""What the field for choosing a union asks for while somebody types."""

from flask import Blueprint, Response, jsonify

from server.core.web.access import requires
from server.core.web.forms import query_params
from server.core.web.unit_of_work import session
from server.kit.union_picker.schemas import PickerQuery
from server.unions.actor import current_actor
from server.unions.tree.lookup.picking import search_unions

bp = Blueprint("union_picker", __name__, url_prefix="/console/union-choices")


@bp.get("")
@requires("union.read")
def choices() -> Response:
    """Unions of one's subtrees by a part of their name."""
    wanted = query_params(PickerQuery)
    found = search_unions(session(), current_actor(), wanted.q, wanted.levels)
    response = jsonify(found.model_dump(mode="json"))
    response.headers["Cache-Control"] = "no-store"
    return response
