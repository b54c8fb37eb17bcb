"""Pages of stories: what may be shown, and choosing how."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError, NotFound
from server.core.web.access import requires
from server.core.web.forms import Form, form_data
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.kit.workflow import offers, perform
from server.photos.pictures.links import photo_urls
from server.publicity.stories.listing import LIST
from server.publicity.stories.models import Reach, Story, StoryMove
from server.publicity.stories.permissions import MAY_READ, MAY_RELEASE_TO_EVERYBODY
from server.publicity.stories.queries import list_pictures
from server.publicity.stories.schemas import MoveIn, ReasonIn, ReleaseIn
from server.publicity.stories.texts import REACH_NAMES, STATUS_NAMES
from server.publicity.stories.workflow import STORIES
from server.unions.actor import current_actor, in_scope

bp = Blueprint("stories_console", __name__, url_prefix="/console/stories", template_folder="templates")
FORMS: dict[StoryMove, type[MoveIn]] = {
    StoryMove.RELEASE: ReleaseIn,
    StoryMove.DECLINE: MoveIn,
    StoryMove.TAKE_DOWN: ReasonIn,
}


@bp.get("")
@requires("story.read")
def stories() -> str:
    """The list."""
    return render_template("stories/list.html", page=show_list(LIST))


@bp.get("/ledger.xlsx")
@requires("story.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(LIST)


@bp.get("/<uuid:story_id>")
@requires("story.read")
def story(story_id: UUID) -> str:
    """One of them, with the pictures to choose from."""
    return _page(story_id)


@bp.post("/<uuid:story_id>/<move>")
@requires("story.release")
def make_move(story_id: UUID, move: str) -> AnyResponse | tuple[str, int]:
    """Make a move. Refused, the page comes again with the reason and with what was typed."""
    if move not in FORMS:
        raise NotFound
    chosen = StoryMove(move)
    _get(story_id)
    form = form_data(FORMS[chosen])
    if form.value is None:
        return _page(story_id, form), 422
    try:
        perform(STORIES, session(), story_id, chosen, actor=current_actor(), now=clock.now(), form=form.value)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(story_id, form, error.message, error.fields), error.status
    flash(STORIES.find(chosen).done)
    return redirect(f"/console/stories/{story_id}", code=303)


def _get(story_id: UUID) -> Story:
    """By its place alone: whoever reported it elsewhere sees it on the phone."""
    found = session().scalar(select(Story).where(Story.id == story_id, in_scope(current_actor(), Story, MAY_READ)))
    if found is None:
        raise NotFound
    return found


def _page(
    story_id: UUID, form: Form[MoveIn] | None = None, message: str = "", fields: dict[str, str] | None = None
) -> str:
    actor, found = current_actor(), _get(story_id)
    before, after = list_pictures(session(), found.submission_id)
    is_wide = found.consented is Reach.EVERYBODY and actor.holds_over(found, MAY_RELEASE_TO_EVERYBODY)
    near = [Reach.ENTERPRISE] if found.enterprise_id is not None else []
    reaches = [*near, *([Reach.EVERYBODY] if is_wide else [])]
    return render_template(
        "stories/story.html", story=found, status_name=STATUS_NAMES[found.status],
        consented=REACH_NAMES[found.consented], reach_name=REACH_NAMES[found.reach] if found.reach else "",
        sides=[("before", "整改前", [(each, photo_urls(each)) for each in before]),
               ("after", "整改后", [(each, photo_urls(each)) for each in after])],
        reaches=[(each.value, REACH_NAMES[each]) for each in reaches],
        raw=form.raw if form else {}, errors=fields or (form.errors if form else {}), message=message,
        moves=[each.name for each in offers(STORIES, session(), found, actor=actor, now=clock.now())],
    )  # fmt: skip
