"""On the phone an enterprise is asked what it has before it is asked anything else."""

from uuid import UUID

from apiflask import APIBlueprint

from server.assignments.dispatch.queries import get_recipient
from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor
from server.unions.scans.queries import as_reviewer
from server.unions.tree.actions import answer_traits
from server.unions.tree.queries import describe_traits
from server.unions.tree.schemas import TraitsIn, TraitsOut

bp = APIBlueprint("inspections", __name__, url_prefix="/api/v1", tag="tasks")


@bp.get("/tasks/<uuid:recipient_id>/traits")
@requires("inspection.traits_on_phone")
@bp.output(TraitsOut)
def show_traits(recipient_id: UUID) -> TraitsOut:
    """What the enterprise that has the task has and has not, as far as it was asked."""
    actor = as_reviewer(session(), current_actor())
    return describe_traits(session(), get_recipient(session(), recipient_id, actor).union_id, actor)


@bp.put("/tasks/<uuid:recipient_id>/traits")
@requires("inspection.traits_on_phone")
@bp.input(TraitsIn, arg_name="body")
@bp.output(TraitsOut)
def put_traits(recipient_id: UUID, body: TraitsIn) -> TraitsOut:
    """Say what it has and has not. Doing it twice changes nothing."""
    actor = as_reviewer(session(), current_actor())
    union_id = get_recipient(session(), recipient_id, actor).union_id
    answer_traits(session(), union_id, body.answers, actor=actor, now=clock.now())
    return describe_traits(session(), union_id, actor)
