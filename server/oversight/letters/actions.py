"""The write of letters that is no move: beginning one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Forbidden
from server.kit.workflow import StepData, begin
from server.oversight.letters.models import Letter, LetterItem, LetterStatus
from server.oversight.letters.schemas import LetterIn
from server.oversight.letters.workflow import LETTER_WORKFLOW, fill, issues_for
from server.review.rectification.models import Rectification
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS


def draft_letter(
    session: Session,
    issuer_id: UUID,
    form: LetterIn,
    rectification_ids: Sequence[UUID],
    *,
    actor: Actor,
    now: datetime,
) -> Letter:
    """Begin a letter of one of the actor's own unions. Raises Forbidden, NotFound outside of the scope."""
    held = issues_for(actor, issuer_id)
    if held is None:
        raise Forbidden("您不能以这个工会的名义发文。", code="not_the_issuer")
    letter = Letter(
        id=ids.new_id(), status=LetterStatus.DRAFT, version=1, issuer_id=issuer_id, issuer_name=held.union_name,
        drafted_by_id=actor.person_id, created_at=now, updated_at=now,
    )  # fmt: skip
    fill(session, letter, form, actor)
    known = session.scalars(
        select(Rectification.id).where(
            Rectification.id.in_(rectification_ids),
            Rectification.addressee_id == form.addressee_id,
            in_scope(actor, Rectification, REVIEWERS),
        )
    ).all()
    begin(LETTER_WORKFLOW, session, letter, actor=actor, now=now, said=StepData(data={"kind": letter.kind}))
    session.add_all(LetterItem(letter_id=letter.id, rectification_id=each) for each in known)
    session.flush()
    return letter
