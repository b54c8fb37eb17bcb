"""Keeping what was noted at the enterprise, as a whole, from the phone or from the console."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.forms.queries import find_frozen
from server.assignments.forms.rules import check_answers
from server.core.errors import Invalid
from server.kit.workflow import perform_held
from server.oversight.visits.models import SignedBy, Visit
from server.oversight.visits.recording.visit_files import missing_from
from server.oversight.visits.schemas import RecordIn, SignatureIn
from server.oversight.visits.workflow import WORKFLOW, M, lock_visit
from server.unions.actor import Actor


def record_visit(session: Session, visit_id: UUID, body: RecordIn, *, actor: Actor, now: datetime) -> Visit:
    """Keep the record. The same key with the same content changes nothing, whatever became of the visit since.

    Raises NotFound, Forbidden for whoever is not of the team, Conflict `content_differs` or `stale`, Invalid with the
    paths of what is missing or wrong, or for an authority's word.
    """
    visit = lock_visit(session, visit_id, actor)
    body, errors = _checked(session, visit, body)
    if errors:
        raise Invalid(f"还有 {len(errors)} 处没有填好，已标出来。", fields=errors)
    perform_held(WORKFLOW, WORKFLOW.context(session, visit, actor=actor, now=now, form=body), M.RECORD)
    return visit


def _checked(session: Session, visit: Visit, body: RecordIn) -> tuple[RecordIn, dict[str, str]]:
    """The record with the answers as the form takes them, and what is wrong, by path."""
    errors = missing_from(session, visit, body)
    form = find_frozen(session, visit.form_version_id)
    if form is not None:
        checked = check_answers(form, body.answers, body.skipped, final=True)
        errors |= checked.errors
        body = body.model_copy(update={"answers": checked.answers, "skipped": checked.skipped})
    elif body.answers or body.skipped:
        errors["answers"] = "这次督导没有检查表"
    for number, signed in enumerate(body.signatures):
        errors |= {f"signatures.{number}.{field}": words for field, words in _unsigned(signed).items()}
    return body, errors


def _unsigned(signed: SignatureIn) -> dict[str, str]:
    """What a signature lacks."""
    if signed.way is SignedBy.REFUSED:
        wanted = {"reason": "请写明为什么不签", "witness": "请写明在场的见证人"}
    else:
        wanted = {"name": "请写签字人的姓名"}
    return {field: words for field, words in wanted.items() if not getattr(signed, field)}
