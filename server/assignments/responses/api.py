"""JSON for the phone of a union's officer: the tasks of their unions, receipt and answer. Workers have none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, ReceiptChannel, RecipientStatus
from server.assignments.dispatch.queries import list_originals
from server.assignments.forms.showing.answer_words import explain_figure
from server.assignments.responses import actions
from server.assignments.responses.answering.figures import draw_figures
from server.assignments.responses.answering.naming import list_colleagues
from server.assignments.responses.answering.phone_list import list_tasks
from server.assignments.responses.models import Response, ResponseVersion
from server.assignments.responses.queries import Task, get_task
from server.assignments.responses.schemas import (
    NameIn,
    ResponseBeforeOut,
    ResponseDraftOut,
    ResponseIn,
    ResponseSentOut,
    ResponseSubmittedOut,
    SubmitIn,
    TaskFactOut,
    TaskFigureOut,
    TaskMayOut,
    TaskNamedOut,
    TaskOriginalOut,
    TaskOut,
    TaskPage,
    TaskReceiptOut,
    TasksQuery,
)
from server.assignments.responses.workflow import RECIPIENT_WORKFLOW, Beginning, M
from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.kit.documents.files.links import describe_papers
from server.kit.documents.queries import find_document
from server.kit.documents.schemas import PaperOut
from server.kit.files.queries import list_files
from server.kit.files.serving.links import describe_files
from server.kit.scope import union_names
from server.kit.workflow import find_refusal, offers, perform
from server.unions.actor import Actor, current_actor
from server.unions.roles import ROLE_NAMES
from server.unions.scans.queries import as_reviewer

bp = APIBlueprint("tasks", __name__, url_prefix="/api/v1", tag="tasks")
HERE = ReceiptChannel.PHONE


@bp.get("/tasks")
@requires("task.answer_on_phone")
@bp.input(TasksQuery, location="query", arg_name="query")
@bp.output(TaskPage)
def get_tasks(query: TasksQuery) -> TaskPage:
    """本单位的任务，先到期的在前"""
    return list_tasks(session(), _officer(), state=query.state, after=query.after, now=clock.now())


@bp.get("/tasks/<uuid:recipient_id>")
@requires("task.answer_on_phone")
@bp.output(TaskOut)
def get_one(recipient_id: UUID) -> TaskOut:
    """一项任务：要求、表单和填到哪里"""
    return _describe(session(), recipient_id, _officer(), clock.now())


@bp.post("/tasks/<uuid:recipient_id>/receipt")
@requires("task.answer_on_phone")
@bp.output(TaskOut)
def sign(recipient_id: UUID) -> TaskOut:
    """签收；签收过的再签收，结果一样"""
    officer, now = _officer(), clock.now()
    perform(RECIPIENT_WORKFLOW, session(), recipient_id, M.SIGN, actor=officer, now=now, form=Beginning(HERE))
    return _describe(session(), recipient_id, officer, now)


@bp.put("/tasks/<uuid:recipient_id>/named")
@requires("task.answer_on_phone")
@bp.input(NameIn, arg_name="body")
@bp.output(TaskOut)
@bp.doc(responses={409: "别人先改了，或者现在不能改"})
def name(recipient_id: UUID, body: NameIn) -> TaskOut:
    """指定由谁填报；不写谁，就是谁都可以填"""
    officer, now = _officer(), clock.now()
    actions.name_answerer(session(), recipient_id, body, actor=officer, now=now)
    return _describe(session(), recipient_id, officer, now)


@bp.put("/tasks/<uuid:recipient_id>/response")
@requires("task.answer_on_phone")
@bp.input(ResponseIn, arg_name="body")
@bp.output(ResponseDraftOut)
@bp.doc(responses={409: "同事已经改过，先取来对照；或者现在不能填"})
def save(recipient_id: UUID, body: ResponseIn) -> ResponseDraftOut:
    """保存填到一半的；填得不对的那几处不保存，在 errors 里说明"""
    officer, now = _officer(), clock.now()
    saved = actions.save_response(session(), recipient_id, body, actor=officer, now=now, via=HERE)
    return _draft(saved.response, officer.name or "", saved.content.errors)


@bp.post("/tasks/<uuid:recipient_id>/submissions")
@requires("task.answer_on_phone")
@bp.input(SubmitIn, arg_name="body")
@bp.output(ResponseSubmittedOut, status_code=201)
@bp.doc(responses={200: "同一份已经提交过"})
def submit(recipient_id: UUID, body: SubmitIn) -> tuple[ResponseSubmittedOut, int]:
    """提交；编号由手机生成，重复提交同一编号只算一次"""
    officer, now = _officer(), clock.now()
    sent, is_new = actions.submit_response(session(), recipient_id, body, actor=officer, now=now, via=HERE)
    task = get_task(session(), recipient_id, officer)
    answer = ResponseSubmittedOut(
        key=sent.id, number=sent.number, submitted_at=sent.submitted_at, is_late=task.is_late, status=task.row.status
    )
    return answer, 201 if is_new else 200


def _officer() -> Actor:
    """Who is asking, as the reviewer whose account the phone is linked to; with no role, they see no task."""
    return as_reviewer(session(), current_actor())


def _describe(session: Session, recipient_id: UUID, officer: Actor, now: datetime) -> TaskOut:
    task = get_task(session, recipient_id, officer)
    row, assignment, returned = task.row, task.assignment, task.returned
    moves = {each.name for each in offers(RECIPIENT_WORKFLOW, session, row, actor=officer, now=now)}
    context = RECIPIENT_WORKFLOW.context(session, row, actor=officer, now=now)
    refusal = find_refusal(RECIPIENT_WORKFLOW, RECIPIENT_WORKFLOW.find(M.SUBMIT), context)
    prompt, known = task.kind.ask_first(session, row), task.kind.beside(session, row)
    return TaskOut(
        id=row.id, number=assignment.number or "", kind=assignment.kind, kind_label=task.kind.label,
        title=assignment.title, text=assignment.text, sender=task.sender, unit=task.unit, due_on=assignment.due_on,
        facts=_facts(session, task, assignment),
        is_overdue=task.is_overdue(now), status=row.status, status_text=task.status_text, version=row.version,
        wants_receipt=assignment.wants_receipt, wants_reply=assignment.wants_reply, is_copy=row.is_copy,
        files=describe_files(list_files(session, "assignment", [assignment.id])[assignment.id], now=now),
        papers=_papers(session, task, now),
        originals=_originals(session, task, now),
        received=_receipt(task), form=task.form,
        named=_named(task.named_id, task.by(task.named_id), officer) if task.named_id is not None else None,
        colleagues=_colleagues(session, task, officer) if M.NAME in moves else [],
        response=_draft(
            task.draft, task.by(task.draft.edited_by_id if task.draft is not None else None), {}, task.start
        ),
        remarks=task.remarks, remark=(returned.remark or "") if returned is not None else "",
        before=_before(task.before), versions=[_sent(task, each) for each in task.versions],
        may=TaskMayOut(
            sign=M.SIGN in moves, name=M.NAME in moves, answer=M.SUBMIT in moves, submit=M.SUBMIT in moves
        ),
        why_not=refusal.message if refusal is not None else None,
        ask_first=prompt.words if prompt is not None else "",
        beside={key: note.text for key, note in known.items()},
        figures=_figures(session, task, now),
    )  # fmt: skip


def _named(person_id: UUID, name: str, officer: Actor) -> TaskNamedOut:
    return TaskNamedOut(id=person_id, name=name, is_me=officer.is_own(person_id))


def _colleagues(session: Session, task: Task, officer: Actor) -> list[TaskNamedOut]:
    return [_named(each.id, each.name, officer) for each in list_colleagues(session, task.row)]


def _facts(session: Session, task: Task, assignment: Assignment) -> list[TaskFactOut]:
    facts = task.kind.facts_of_task(session, assignment)
    return [TaskFactOut(label=each.label, value=each.value) for each in facts if not each.is_link]


def _originals(session: Session, task: Task, now: datetime) -> list[TaskOriginalOut]:
    originals = list_originals(session, task.assignment)
    files = list_files(session, "assignment", [each.id for each in originals])
    names = union_names(session, {each.sender_id for each in originals})
    return [
        TaskOriginalOut(
            title=each.title, number=each.number or "", sender=names[each.sender_id].name, text=each.text,
            facts=_facts(session, task, each),
            files=describe_files(files[each.id], now=now),
        )
        for each in originals
    ]  # fmt: skip


def _papers(session: Session, task: Task, now: datetime) -> list[PaperOut]:
    """Of what the first sender sent; passed on, it is the same paper."""
    if task.kind.document is None:
        return []
    document = find_document(session, task.kind.document, task.assignment.root_id)
    return describe_papers(document, current_actor().person_id, now=now)


def _figures(session: Session, task: Task, now: datetime) -> dict[str, TaskFigureOut]:
    """As they are now; of what was sent, as they were then."""
    sent = task.last if task.row.status in (RecipientStatus.SUBMITTED, RecipientStatus.ACCEPTED) else None
    keys = [each.key for each in task.form.figures().values()] if task.form is not None else []
    drawn = sent.answers if sent is not None else draw_figures(session, task.assignment, task.row, task.form, now)
    return {
        key: TaskFigureOut(text=drawn[key]["text"], about=explain_figure(drawn[key])) for key in keys if drawn.get(key)
    }


def _receipt(task: Task) -> TaskReceiptOut | None:
    row = task.row
    if row.received_at is None or row.received_via is None or row.received_role is None:
        return None
    by = task.by(row.received_by_id)
    return TaskReceiptOut(by=by, role=ROLE_NAMES[row.received_role], via=row.received_via, at=row.received_at)


def _draft(
    draft: Response | None, by: str, errors: Mapping[str, str], start: Mapping[str, Any] | None = None
) -> ResponseDraftOut:
    if draft is None:
        return ResponseDraftOut(
            answers=dict(start or {}), skipped={}, text="", version=0, edited_by="", edited_at=None, errors={}
        )
    return ResponseDraftOut(
        answers=draft.answers, skipped=draft.skipped, text=draft.text, version=draft.version, edited_by=by,
        edited_at=draft.edited_at, errors=dict(errors),
    )  # fmt: skip


def _before(version: ResponseVersion | None) -> ResponseBeforeOut | None:
    if version is None:
        return None
    said = {name: getattr(version, name) for name in ("number", "answers", "skipped", "text")}
    return ResponseBeforeOut(**said)


def _sent(task: Task, version: ResponseVersion) -> ResponseSentOut:
    return ResponseSentOut(
        number=version.number, submitted_by=task.by(version.submitted_by_id), submitted_at=version.submitted_at,
        outcome=version.outcome, remark=version.remark or "",
    )  # fmt: skip
