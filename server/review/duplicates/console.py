"""The page that lays two submissions side by side."""

from uuid import UUID

from flask import Blueprint, render_template

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.review.duplicates.matching.comparison import describe_comparison
from server.unions.actor import current_actor

bp = Blueprint("duplicates_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/submissions/<uuid:submission_id>/compare/<uuid:other_id>")
@requires("submission.compare")
def compare(submission_id: UUID, other_id: UUID) -> str:
    """Two submissions, the photos of both, why they may be the same."""
    page = describe_comparison(session(), submission_id, other_id, current_actor(), clock.now())
    return render_template("duplicates/compare.html", page=page)
