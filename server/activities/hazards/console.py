"""The map of hazards: where those of a list's filters were seen."""

from typing import cast

from flask import Blueprint, Response, current_app, jsonify, render_template

from server.activities.hazards.maps.clusters import Cluster
from server.activities.hazards.maps.places import MapFilter, Places, list_places
from server.core import clock
from server.core.settings import Settings
from server.core.web.access import requires
from server.core.web.unit_of_work import read_only_session
from server.kit.filters import read_filters
from server.kit.listing import Request
from server.review.queue.listing import QUEUE, item_href
from server.unions.actor import current_actor

bp = Blueprint("hazards_console", __name__, url_prefix="/console/map", template_folder="templates")


@bp.get("")
@requires("submission.review")
def show_map() -> str:
    """The map, and its places as a table for whoever has no script."""
    filters = read_filters(MapFilter)
    places = _places(filters)
    query = filters.list_query()
    return render_template(
        "hazards/map.html",
        places=places,
        total=sum(each.count for each in places.clusters),
        list_href=QUEUE.href(query),
        points_href=f"/console/map/places{'?' if query else ''}{query}",
        hrefs=[_href(each, query) for each in places.clusters],
    )


@bp.get("/places")
@requires("submission.review")
def places() -> Response:
    """What lies in the part of the map that is looked at."""
    filters = read_filters(MapFilter)
    found, query = _places(filters), filters.list_query()
    return jsonify(
        places=[
            {
                "at": [each.latitude, each.longitude],
                "count": each.count,
                "text": each.only.text if each.only else f"{each.count} 条",
                "href": _href(each, query),
            }
            for each in found.clusters
        ],
        is_cut=found.is_cut,
    )


def _places(filters: MapFilter) -> Places:
    datum = cast(Settings, current_app.extensions["settings"]).map_tiles_datum
    with read_only_session() as reader:
        return list_places(Request(reader, current_actor(), filters, clock.now()), datum)


def _href(cluster: Cluster, query: str) -> str:
    return item_href(cluster.only.id, query) if cluster.only is not None else ""
