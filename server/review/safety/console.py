"""The button on the review page that lets go what was held."""

from uuid import UUID

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from server.core import clock
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.forms import posted_or_invalid
from server.core.web.unit_of_work import session
from server.review.safety.actions import check_scope, release
from server.review.safety.schemas import ReleaseIn
from server.unions.actor import current_actor

bp = Blueprint("safety_console", __name__, url_prefix="/console", template_folder="templates")


@bp.post("/submissions/<uuid:submission_id>/safety/release")
@requires("safety.release")
def let_go(submission_id: UUID) -> Response:
    """Let everything that is held of a submission be seen, with a reason on record."""
    check_scope(session(), submission_id, current_actor())
    form = posted_or_invalid(ReleaseIn, "请写明放行的理由，2 到 200 个字。")
    release(session(), submission_id, form.reason, actor=current_actor(), now=clock.now())
    flash("已放行，工友们可以看到了。")
    return redirect(with_query(f"/console/submissions/{submission_id}"), 303)
