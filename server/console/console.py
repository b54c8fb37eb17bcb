"""The landing page, the console's home, and what every template of the console may use."""

import ipaddress
from typing import Any, cast
from uuid import UUID

import segno
from flask import Blueprint, current_app, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from server.console.display import parts, words
from server.console.display.drawn import draw_once
from server.console.display.hints import photo_hints
from server.console.display.layout import WithoutIndents
from server.console.shell.navigation import can, is_open_to_reader, navigation
from server.core import clock
from server.core.errors import NotFound
from server.core.geodesy import to_datum
from server.core.jobs.models import JobState
from server.core.jobs.queries import count_by_state
from server.core.settings import Settings
from server.core.text import quoted
from server.core.web.access import find_actor, public, requires
from server.core.web.addresses import with_query
from server.core.web.unit_of_work import read_only_session, session
from server.notifications.digests.queries import Badge, badge_of, count_others, count_waiting, lines_of
from server.privacy.queries import imprint_of
from server.reports.figures.cuts.cut import RECENT
from server.reports.figures.queries import get_subtree, read_recent
from server.reports.figures.schemas import Counts
from server.review.queue.queries import get_overview
from server.unions.actor import Actor, current_actor
from server.unions.campaigns.choosing.choice import (
    Switcher,
    campaign_asked,
    in_all,
    name_of_campaign,
    switcher,
    with_campaign,
)
from server.unions.policies.queries import find_map
from server.unions.roles import ROLE_NAMES

bp = Blueprint("home_console", __name__, template_folder="templates")


@bp.get("/")
@public
def landing() -> str:
    """Two doors: workers to the H5 page, reviewers to the console."""
    settings = cast(Settings, current_app.extensions["settings"])
    worker_url = f"{(settings.public_url or request.host_url).rstrip('/')}/h5/"
    code = segno.make(worker_url, error="m").svg_data_uri(scale=4, border=1, dark="#1b2733")
    return render_template(
        "console/landing.html", code=code, worker_url=worker_url, here_only=_is_loopback(request.host)
    )


@bp.get("/console/")
@requires("console.enter")
def home() -> str:
    """What waits for me; for administrators also what failed in the background."""
    actor, now, campaign_id = current_actor(), clock.now(), campaign_asked()
    dead = count_by_state(session()).get(JobState.DEAD, 0) if can("job.manage") else 0
    page: dict[str, Any] = {}
    if actor.reviewing:
        page = {
            "overview": get_overview(session(), actor, now, campaign_id),
            "todos": lines_of(count_waiting(session(), actor, now).numbers),
            "below": lines_of(count_others(session(), actor, now, below=True)),
        }
    return render_template(
        "console/home.html",
        actor=actor,
        dead=dead,
        campaign_name=name_of_campaign(session(), actor, campaign_id) if campaign_id else "",
        month=_last_month(actor, campaign_id),
        **page,
    )


def _last_month(actor: Actor, campaign_id: UUID | None) -> Counts | None:
    """The figures of one's own subtree, in the campaign looked at or in all; None for who has no subtree."""
    try:
        union = get_subtree(session(), actor, None)
    except NotFound:
        return None
    return read_recent(session(), union, campaign_id, RECENT, clock.now())


def _is_loopback(host: str) -> bool:
    name = host.rsplit(":", 1)[0].strip("[]")
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


bp.add_app_template_test(is_open_to_reader, "open_to_reader")


@bp.app_context_processor
def _facts() -> dict[str, Any]:
    """The imprint, and what pages with a map need: the address of its tiles (asked for by these pages alone, and empty
    as long as the policy does not tell of who provides them), what has to stand beside them, their datum, and a point
    in it (latitude, longitude)."""
    settings = cast(Settings, current_app.extensions["settings"])
    return {
        "imprint": imprint_of(settings),
        "map_tiles": lambda: found.tiles if (found := find_map(session())) else "",
        "map_credit": settings.map_tiles_credit,
        "map_datum": settings.map_tiles_datum,
        "map_point": lambda at: to_datum(at.latitude, at.longitude, at.datum, settings.map_tiles_datum),
    }


def _badge() -> Badge | None:
    """What waits for the caller; none where it cannot be read, for error pages have the navigation too."""
    actor = find_actor()
    if actor is None:
        return None
    try:
        with read_only_session() as reading:
            return badge_of(reading, cast(Actor, actor), clock.now())
    except SQLAlchemyError:
        return None


def _campaign_switcher() -> Switcher | None:
    """The switcher of campaigns; none where they cannot be read, as with the badge."""
    actor = cast(Actor | None, find_actor())
    if actor is None:
        return None
    try:
        with read_only_session() as reading:
            return switcher(reading, actor)
    except SQLAlchemyError:
        return None


@bp.record_once
def _give_templates_their_words(state: Any) -> None:
    environment = state.app.jinja_env
    environment.add_extension(WithoutIndents)
    environment.globals.update(  # not of the page's context: macros that are kept, imported without it, see them too
        can=can,
        navigation=navigation,
        campaign_switcher=_campaign_switcher,
        in_all=in_all,
        with_campaign=with_campaign,
        with_query=with_query,
        signed_in=find_actor,
        badge=_badge,
        ROLE_NAMES=ROLE_NAMES,
        parts=parts,
        now=clock.now,
        photo_hints=photo_hints,
        draw_once=draw_once,
    )
    environment.filters.update(
        local_time=lambda moment: words.local_time(moment, clock.now()),
        local_day=lambda moment: words.local_day(moment, clock.now()),
        iso_day=lambda moment: clock.in_shanghai(moment).date().isoformat(),
        exact_time=words.exact_time,
        full_day=words.full_day,
        short_id=words.short_id,
        ago=lambda moment: words.ago(moment, clock.now()),
        due=lambda moment: words.due_in_words(moment, clock.now()),
        file_size=words.file_size,
        quoted=quoted,
    )
