"""Pages for reviewers: what waited for them, day by day."""

from flask import Blueprint, render_template

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.notifications.digests.actions import digest_words
from server.notifications.digests.queries import count_waiting, list_digests
from server.unions.actor import current_actor

bp = Blueprint("digests_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/digests")
@requires("digest.read_own")
def digests() -> str:
    """Now, and the digests of the last days."""
    actor = current_actor()
    shown = [(digest, digest_words(digest)) for digest in list_digests(session(), actor.person_id)]
    present = count_waiting(session(), actor, clock.now())
    return render_template("digests/list.html", digests=shown, present=present)
