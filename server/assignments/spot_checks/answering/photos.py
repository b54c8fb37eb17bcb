"""Photos and files of a spot check: the union's own, theirs to change until it is kept for good."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.responses.answering.answer_files import limits_for
from server.assignments.spot_checks.actions import require_open
from server.assignments.spot_checks.models import SpotCheck
from server.assignments.spot_checks.queries import get_check, read_form
from server.core.errors import NotFound
from server.kit.files.rules import FileKind, FileLimits
from server.unions.actor import Actor

CHECK = "spot_check"


def _may_read(session: Session, subject_id: UUID, actor: Actor) -> bool:
    try:
        return get_check(session, subject_id, actor) is not None
    except NotFound:
        return False


def _may_write(session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
    try:
        check, draw = get_check(session, subject_id, actor, lock=lock)
    except NotFound:
        return False
    require_open(check, draw, actor)
    return True


def _limits_of(session: Session, check_id: UUID, field: str) -> FileLimits | None:
    asked = {each.key: each for each in read_form(session, session.get_one(SpotCheck, check_id)).fields()}
    return limits_for(asked[field]) if field in asked else None


CHECK_FILES = FileKind(
    subject=CHECK, may_read=_may_read, may_write=_may_write, read_permission="spot_check.lead",
    write_permission="spot_check.lead", limits_of=_limits_of,
)  # fmt: skip
