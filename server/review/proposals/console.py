"""The part of the review page where a machine is asked, and the log of what came of it."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import NotFound
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.errors import is_htmx
from server.core.web.forms import posted_or_invalid
from server.core.web.limits import day_quota, limiter
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.review.proposals.actions import GONE, ask_proposal, take_proposal
from server.review.proposals.listing import PROPOSALS
from server.review.proposals.queries import ProposalPanel, describe_panel
from server.review.proposals.schemas import TakeIn
from server.review.queue.item.queries import get_item
from server.unions.actor import current_actor

bp = Blueprint("proposals_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/submissions/<uuid:submission_id>/proposal")
@requires("review_proposal.ask")
def show(submission_id: UUID) -> str:
    """The part of the page that changes while the machine is asked."""
    return _part(submission_id)


@bp.post("/submissions/<uuid:submission_id>/proposal")
@requires("review_proposal.ask")
@limiter.limit("12/minute")
@day_quota("day_review_proposals", status=200)
def ask(submission_id: UUID) -> str | AnyResponse:
    """Ask for a proposal; the page goes on meanwhile."""
    actor = current_actor()
    ask_proposal(session(), get_item(session(), submission_id, actor), actor=actor, now=clock.now())
    return _part(submission_id) if is_htmx() else redirect(with_query(f"/console/submissions/{submission_id}"), 303)


@bp.post("/submissions/<uuid:submission_id>/proposal/taking")
@requires("review_proposal.ask")
def take(submission_id: UUID) -> str:
    """Note that it is in the form now, where nothing is sent by itself."""
    actor, now = current_actor(), clock.now()
    item = get_item(session(), submission_id, actor)
    form = posted_or_invalid(TakeIn, GONE)
    take_proposal(session(), item, form.proposal, actor=actor, now=now)
    return _part(submission_id)


@bp.get("/proposals")
@requires("review_proposal.read")
def proposals() -> str:
    """What was proposed and what was decided."""
    return render_template("proposals/list.html", page=show_list(PROPOSALS))


@bp.get("/proposals/ledger.xlsx")
@requires("review_proposal.read")
def ledger() -> Response:
    """The same as a sheet."""
    return send_ledger(PROPOSALS)


def _part(submission_id: UUID) -> str:
    proposal = _panel(submission_id)
    if proposal is None:
        raise NotFound
    return render_template("proposals/_panel.html", proposal=proposal)


@bp.app_template_global("proposal_panel")
def _panel(submission_id: UUID) -> ProposalPanel | None:
    """The review page asks for the part itself."""
    actor = current_actor()
    return describe_panel(session(), get_item(session(), submission_id, actor), actor, clock.now())
