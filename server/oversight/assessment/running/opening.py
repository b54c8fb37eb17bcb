"""Opening a run: its row, the form of its self-assessment, the draft by which that is sent down."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.actions import draft_assignment
from server.assignments.dispatch.kinds.registry import Fact
from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.schemas import LEVELS, DraftIn, RecipientRule
from server.assignments.forms.actions import create_form
from server.assignments.forms.schemas import FormIn
from server.core import ids
from server.core.clock import day_in_words
from server.core.errors import Conflict, Invalid, NotFound
from server.kit.draws.samples import promise
from server.kit.scope import ancestors_of
from server.kit.workflow import StepData, begin, perform_held
from server.oversight.assessment.models import Assessment, AssessmentMove, AssessmentStatus, SchemeVersion
from server.oversight.assessment.queries import definition_of, get_own_scheme, get_run
from server.oversight.assessment.running.self_forms import self_form
from server.oversight.assessment.schemas import OpenIn, RunDetails
from server.oversight.assessment.workflow import ASSESSMENTS, SelfAssessment
from server.unions.actor import Actor
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union
from server.unions.tree.rules import RANK

NAME = "assessment"


def open_run(
    session: Session, scheme_id: UUID, body: OpenIn, campaign_id: UUID | None, *, actor: Actor, now: datetime
) -> tuple[Assessment, Assignment]:
    """A run by the last version of a scheme, and the draft of its self-assessment, which is sent like any other task.

    Raises Conflict for a scheme that was never published, Forbidden for one of a union above.
    """
    scheme = get_own_scheme(session, scheme_id, actor)
    version = session.scalar(
        select(SchemeVersion).where(SchemeVersion.scheme_id == scheme.id).order_by(SchemeVersion.number.desc()).limit(1)
    )
    if version is None:
        raise Conflict("方案还没有发布，发布了才能开始考核。", code="not_published")
    union, run_id = get_union(session, scheme.union_id), ids.new_id()
    seed, terms = promise(run_id, body.spot_percent, now, union_id=union.id)
    form = create_form(
        session, union.id, FormIn(title=f"{body.title[:90]}自评表", about="考核方案自动做成的自评表，请不要改项目。"),
        self_form(definition_of(version)), actor=actor, now=now,
    )  # fmt: skip
    run = Assessment(
        id=run_id, title=body.title, status=AssessmentStatus.PREPARED, version=1, sender_id=union.id,
        scheme_version_id=version.id, campaign_id=campaign_id, form_id=form.id, since=body.since, until=body.until,
        seed=seed, terms=terms, entrants=[],
        opened_by_id=actor.person_id, opened_at=now, updated_at=now, **ancestors_of(union),
    )  # fmt: skip
    data = {"seed_hash": run.terms["seed_hash"], "percent": body.spot_percent}
    begin(ASSESSMENTS, session, run, actor=actor, now=now, said=StepData(data=data))
    return run, draft_assignment(session, NAME, _draft(run, union), actor=actor, now=now)


def _draft(run: Assessment, union: Union) -> DraftIn:
    below = [level for level in LEVELS if RANK[level] > RANK[union.level]]
    return DraftIn(
        sender_id=union.id, title=run.title, form_id=run.form_id, campaign_id=run.campaign_id, wants_reply=True,
        text="请对照考核表如实自评，写清楚、附佐证；系统里已有记录的不用重复拍照，写编号就行。",
        rule=RecipientRule(levels=tuple(below[:1])), details={"assessment": str(run.id)},
    )  # fmt: skip


def begin_details(_session: Session, _sender: Union) -> dict[str, Any]:
    """A self-assessment is begun from its run; the page of a draft says so."""
    return {}


def before_sending(session: Session, assignment: Assignment, /, *, actor: Actor, now: datetime) -> None:
    """The run begins with its self-assessment. Raises Conflict for a second one, Invalid for another's run or form."""
    wanted = RunDetails.model_validate(assignment.details).assessment
    try:
        run = get_run(session, wanted, None, lock=True)
    except NotFound:
        run = None
    if run is None or run.sender_id != assignment.sender_id:
        raise Invalid("请从“考核”里开始，再发自评。", code="no_such_run")
    if assignment.form_id != run.form_id:
        raise Invalid("请用这次考核的自评表。", fields={"form_id": "请选这次考核的自评表"})
    if run.status is not AssessmentStatus.PREPARED:
        raise Conflict("这次考核的自评已经发过了；要重来，请另开一次考核。", code="sent_already")
    context = ASSESSMENTS.context(
        session, run, actor=None, now=now, form=SelfAssessment(assignment), cause_id=actor.person_id
    )
    perform_held(ASSESSMENTS, context, AssessmentMove.SEND)


def facts_of(session: Session, assignment: Assignment) -> list[Fact]:
    """What both sides read beside the text."""
    if not assignment.details:
        return []
    run = session.get(Assessment, RunDetails.model_validate(assignment.details).assessment)
    if run is None:
        return []
    return [Fact("考核期", f"{day_in_words(run.since)}至{day_in_words(run.until)}")]
