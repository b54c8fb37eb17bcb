"""A union's and a person's page: who they are, and what each slice knows of them."""

from uuid import UUID

from flask import Blueprint, render_template

from server.console.overviews.queries import describe_person, describe_union
from server.core import clock
from server.core.audit.actions import record
from server.core.web.access import requires
from server.core.web.unit_of_work import independent_transaction, read_only_session
from server.unions.actor import current_actor

bp = Blueprint("overviews_console", __name__, url_prefix="/console", template_folder="templates")


@bp.get("/unions/<uuid:union_id>/overview")
@requires("union.read")
def union(union_id: UUID) -> str:
    """What a union sent, owes and answered."""
    with read_only_session() as reader:
        page = describe_union(reader, union_id, current_actor(), clock.now())
        return render_template("overviews/union.html", page=page)


@bp.get("/people/<uuid:person_id>/overview")
@requires("person.read")
def person(person_id: UUID) -> str:
    """What a person sent under their name, and got. Every look at it is on record."""
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        page = describe_person(reader, person_id, actor, now)
    with independent_transaction() as writer:
        record(
            writer, "person.activity_viewed", subject_type="person", subject_id=person_id,
            actor_id=actor.person_id, at=now,
        )  # fmt: skip
    return render_template("overviews/person.html", page=page)
