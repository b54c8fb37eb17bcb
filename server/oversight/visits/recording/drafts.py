"""What a team has noted and not sent yet: kept here while it is typed, so that another device goes on with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import Conflict
from server.kit.workflow import find_refusal
from server.oversight.visits.models import VisitDraft
from server.oversight.visits.schemas import DraftIn, VisitDraftOut
from server.oversight.visits.workflow import WORKFLOW, M, lock_visit
from server.unions.actor import Actor
from server.unions.people.models import Person


def save_draft(session: Session, visit_id: UUID, body: DraftIn, *, actor: Actor, now: datetime) -> VisitDraft:
    """Keep a draft. What was saved before and is saved again is no news. Raises NotFound, what refuses the record, and
    Conflict `stale` if somebody else saved something, or sent the record, meanwhile."""
    visit = lock_visit(session, visit_id, actor)
    context = WORKFLOW.context(session, visit, actor=actor, now=now)
    if (refusal := find_refusal(WORKFLOW, WORKFLOW.find(M.RECORD), context)) is not None:
        raise refusal
    content = body.content.model_dump(mode="json")
    draft = session.get(VisitDraft, visit_id)  # nobody else writes it: the visit is held
    if draft is not None and draft.content == content:
        return draft
    if body.visit_version != visit.version or body.version != (draft.version if draft is not None else 0):
        raise Conflict("同事刚刚也填了，正在把两边合到一起。", code="stale")
    if draft is None:
        draft = VisitDraft(visit_id=visit_id, version=0)
        session.add(draft)
    draft.content, draft.version = content, draft.version + 1
    draft.edited_by_id, draft.edited_at = actor.person_id, now
    session.flush()
    return draft


def describe_draft(session: Session, visit_id: UUID) -> VisitDraftOut | None:
    """The draft of a visit, if there is one."""
    draft = session.get(VisitDraft, visit_id)
    return show_draft(session, draft) if draft is not None else None


def show_draft(session: Session, draft: VisitDraft) -> VisitDraftOut:
    """A draft with the name of who saved it last."""
    name = session.get_one(Person, draft.edited_by_id).name or ""
    return VisitDraftOut(version=draft.version, content=draft.content, edited_by=name, edited_at=draft.edited_at)
