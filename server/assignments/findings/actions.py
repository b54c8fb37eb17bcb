"""What answers find becomes rows: a hazard of what failed, once; a place in the list of what somebody competent has to
look at, and a hazard of that too once they say that it failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.findings.models import Finding
from server.assignments.findings.ports import FoundHazard, make_hazard
from server.assignments.findings.queries import get_finding
from server.assignments.findings.schemas import JudgeIn
from server.assignments.findings.texts import describe
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import CheckField, CheckResult, Definition, FormSection
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.core.jobs.actions import enqueue
from server.core.storage.base import ObjectStore
from server.kit.files.models import AttachedFile
from server.review.submissions.routing.answering_union import Route
from server.unions.actor import Actor
from server.unions.campaigns.queries import current_campaign
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

REPORT, JUDGED = "findings.report_findings", "findings.report_finding"
NOT_PASSED = (CheckResult.FAILED, CheckResult.CANNOT_JUDGE)


@dataclass(frozen=True, slots=True)
class Found:
    """An item of an answer that did not pass. `judge`: who says that it failed, where nobody there could."""

    section: FormSection
    item: CheckField
    result: CheckResult
    words: str
    photo_ids: Sequence[str]
    judge: str = ""


def list_found(form: Definition, answers: Mapping[str, Any]) -> list[Found]:
    """What failed, and what nobody there could judge."""
    return [
        Found(section, item, CheckResult(said["result"]), said.get("words", ""), said.get("photos", ()))
        for section in form.sections
        for item in section.fields
        if isinstance(item, CheckField) and (said := answers.get(item.key) or {}).get("result") in NOT_PASSED
    ]


def note_found(
    session: Session, store: ObjectStore, recipient_id: UUID, answers: Mapping[str, Any],
    *, by_id: UUID, is_self_check: bool, now: datetime,
) -> int:  # fmt: skip
    """Note what an answer found that was not noted before: doing it again, or after a correction, adds nothing twice.
    Returns how many hazards came of it."""
    row = session.get_one(Recipient, recipient_id, with_for_update=True)
    assignment = session.get_one(Assignment, row.assignment_id)
    form = find_frozen(session, assignment.form_version_id)
    if form is None:
        return 0
    noted = {each.item: each for each in session.scalars(select(Finding).where(Finding.recipient_id == row.id))}
    found = list_found(form, answers)
    if is_self_check:
        _drop_what_they_could_judge(session, noted, found)
    reported = 0
    for each in found:
        finding = noted.get(each.item.key) or _new_finding(session, row, each, by_id, now)
        if finding.submission_id is None:
            finding.words, finding.photos = each.words, list(each.photo_ids)
        if each.result is CheckResult.FAILED and finding.submission_id is None:
            finding.result = each.result
            finding.submission_id = _report(session, store, row, each, by_id, is_self_check, now)
            reported += 1
    session.flush()
    return reported


def _drop_what_they_could_judge(session: Session, noted: Mapping[str, Finding], found: Sequence[Found]) -> None:
    """Those that passed, or do not concern them, the next time."""
    standing = {each.item.key for each in found}
    for finding in noted.values():
        if finding.result is CheckResult.CANNOT_JUDGE and not finding.verdict and finding.item not in standing:
            session.delete(finding)


def _new_finding(session: Session, row: Recipient, found: Found, by_id: UUID, now: datetime) -> Finding:
    finding = Finding(
        id=ids.new_id(), recipient_id=row.id, item=found.item.key, label=found.item.label, result=found.result,
        suspected_major=found.item.suspected_major, found_by_id=by_id, found_at=now,
    )  # fmt: skip
    session.add(finding)
    return finding


def _report(
    session: Session, store: ObjectStore, row: Recipient, found: Found, by_id: UUID, is_self_check: bool, now: datetime
) -> UUID:
    """A hazard with the answer's pictures. Nobody decides on what they sent in: what an enterprise found itself goes
    to the union above it, what a union found goes to the enterprise."""
    assignment, union = session.get_one(Assignment, row.assignment_id), get_union(session, row.union_id)
    kind = kind_of(assignment.kind)
    answering = union if not is_self_check or union.parent_id is None else get_union(session, union.parent_id)
    source = f"{kind.label}“{assignment.title}”"
    hazard = FoundHazard(
        reporter_id=by_id, campaign_id=assignment.campaign_id or current_campaign(session).id,
        categories=kind.categories(found.section.key) if kind.categories is not None else (),
        place=f"{union.name} {found.item.place}".strip()[:200],
        description=describe(source, found.section.title, found.item, found.words, found.judge),
        route=_route(union, answering), pictures=_pictures(session, found.photo_ids),
    )  # fmt: skip
    return make_hazard(session, store, hazard, now=now)


def _pictures(session: Session, photo_ids: Sequence[str]) -> list[AttachedFile]:
    wanted = [UUID(each) for each in photo_ids]
    known = {file.id: file for file in session.scalars(select(AttachedFile).where(AttachedFile.id.in_(wanted)))}
    return [known[each] for each in wanted if each in known and known[each].is_picture]


def _route(union: Union, answering: Union) -> Route:
    return Route(
        answering.id, answering.name, union.city_id or union.id, union.district_id, union.town_id, union.enterprise_id
    )


# --- what nobody there could judge ------------------------------------------------------------------------------------


def judge_finding(session: Session, finding_id: UUID, form: JudgeIn, *, actor: Actor, now: datetime) -> None:
    """Note what somebody competent said of an item that nobody there could judge; what failed becomes a hazard. Raises
    Conflict if it was judged."""
    finding = get_finding(session, finding_id, actor, lock=True)
    if finding.result is not CheckResult.CANNOT_JUDGE or finding.verdict is not None:
        raise Conflict("这一项已经有结论了，请刷新后再看。", code="judged_already")
    finding.verdict, finding.judge, finding.judged_words = CheckResult(form.verdict), form.judge, form.words
    finding.judged_by_id, finding.judged_at = actor.person_id, now
    session.flush()
    if finding.verdict is CheckResult.FAILED:
        enqueue(session, JUDGED, finding_id=finding.id)
    record(
        session, "inspection.judged", subject_type="inspection_finding", subject_id=finding.id,
        actor_id=actor.person_id, at=now,
        detail={"item": finding.label, "conclusion": form.verdict},  # the log is sealed: who judged stands in the row
    )  # fmt: skip


def report_judged(session: Session, store: ObjectStore, finding_id: UUID, *, now: datetime) -> None:
    """Let what was judged to have failed become a hazard, once. The union that had it judged found it, so the
    enterprise answers."""
    known = session.get_one(Finding, finding_id)
    row = session.get_one(Recipient, known.recipient_id, with_for_update=True)  # as `note_found` holds it
    finding = session.get_one(Finding, finding_id, populate_existing=True)
    form = find_frozen(session, session.get_one(Assignment, row.assignment_id).form_version_id)
    if form is None or finding.submission_id is not None or finding.judged_by_id is None:
        return
    [(section, item)] = [
        (section, item) for section in form.sections for item in section.fields
        if item.key == finding.item and isinstance(item, CheckField)
    ]  # fmt: skip
    words = finding.judged_words or finding.words
    found = Found(section, item, CheckResult.FAILED, words, finding.photos, finding.judge or "")
    finding.submission_id = _report(session, store, row, found, finding.judged_by_id, False, now)
    session.flush()
