"""What answers find becomes rows: a hazard of what failed, once; a place in the list of what somebody competent has to
look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.hazards.actions import FoundHazard, submit_found_hazard
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import CheckField, CheckResult, Definition, FormSection
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.core.storage.base import ObjectStore
from server.kit.files.models import AttachedFile
from server.kit.files.serving.reading import read_file
from server.oversight.inspections.models import Finding
from server.oversight.inspections.queries import get_finding
from server.oversight.inspections.schemas import JudgeIn
from server.oversight.inspections.shipped.reading import categories_of
from server.oversight.inspections.texts import describe
from server.photos.actions import receive_photo
from server.photos.formats import Picture
from server.photos.pictures.keys import original_key
from server.photos.schemas import PhotoDeclared
from server.review.submissions.routing.answering_union import Route
from server.unions.actor import Actor
from server.unions.campaigns.queries import current_campaign
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union


@dataclass(frozen=True, slots=True)
class Found:
    """An item of an answer that did not pass."""

    section: FormSection
    item: CheckField
    result: CheckResult
    words: str
    photo_ids: Sequence[str]


def list_found(form: Definition, answers: Mapping[str, Any]) -> list[Found]:
    """What failed, and what nobody there could judge."""
    return [
        Found(section, item, CheckResult(said["result"]), said.get("words", ""), said.get("photos", ()))
        for section in form.sections
        for item in section.fields
        if isinstance(item, CheckField)
        and (said := answers.get(item.key) or {}).get("result") in (CheckResult.FAILED, CheckResult.CANNOT_JUDGE)
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
    standing = {each.item.key for each in found}
    if is_self_check:
        for finding in noted.values():
            if finding.result is CheckResult.CANNOT_JUDGE and not finding.verdict and finding.item not in standing:
                session.delete(finding)  # they could, the next time
    reported = 0
    for each in found:
        finding = noted.get(each.item.key) or _new_finding(session, row, each, by_id, now)
        if each.result is CheckResult.FAILED and finding.submission_id is None:
            finding.result = each.result
            finding.submission_id = _report(session, store, assignment, row, each, by_id, is_self_check, now)
            reported += 1
    session.flush()
    return reported


def _new_finding(session: Session, row: Recipient, found: Found, by_id: UUID, now: datetime) -> Finding:
    finding = Finding(
        id=ids.new_id(), recipient_id=row.id, item=found.item.key, label=found.item.label, result=found.result,
        suspected_major=found.item.suspected_major, found_by_id=by_id, found_at=now,
    )  # fmt: skip
    session.add(finding)
    return finding


def _report(
    session: Session, store: ObjectStore, assignment: Assignment, row: Recipient, found: Found, by_id: UUID,
    is_self_check: bool, now: datetime,
) -> UUID:  # fmt: skip
    """A hazard with the answer's pictures. Nobody decides on what they sent in: what an enterprise found itself goes
    to the union above it, what a union found goes to the enterprise."""
    union = get_union(session, row.union_id)
    answering = union if not is_self_check or union.parent_id is None else get_union(session, union.parent_id)
    files = [file for file in _pictures(session, found.photo_ids) if file.is_picture]
    hazard_id, photo_ids = submit_found_hazard(
        session,
        FoundHazard(
            reporter_id=by_id, campaign_id=assignment.campaign_id or current_campaign(session).id,
            categories=categories_of(found.section.key), place=f"{union.name} {found.item.place}".strip()[:200],
            description=describe(assignment.title, found.section.title, found.item, found.words),
            route=_route(union, answering),
            photos=[PhotoDeclared(sha256=file.sha256, size=file.size) for file in files],
        ),
        now=now,
    )  # fmt: skip
    for position, (file, photo_id) in enumerate(zip(files, photo_ids, strict=True)):
        object_id = ids.new_id()
        with read_file(store, file) as content:  # the object is there before its row says so
            store.put_bytes(original_key(photo_id, object_id), content.read(), file.media_type)
        picture = Picture(file.media_type, file.width or 0, file.height or 0)
        receive_photo(
            session, hazard_id, by_id, sha256=file.sha256, position=position, picture=picture,
            object_id=object_id, now=now,
        )  # fmt: skip
    return hazard_id


def _pictures(session: Session, photo_ids: Sequence[str]) -> list[AttachedFile]:
    wanted = [UUID(each) for each in photo_ids]
    known = {file.id: file for file in session.scalars(select(AttachedFile).where(AttachedFile.id.in_(wanted)))}
    return [known[each] for each in wanted if each in known]


def _route(union: Union, answering: Union) -> Route:
    return Route(
        answering.id, answering.name, union.city_id or union.id, union.district_id, union.town_id, union.enterprise_id
    )


def judge_finding(session: Session, finding_id: UUID, form: JudgeIn, *, actor: Actor, now: datetime) -> None:
    """Note what somebody competent said of an item that nobody there could judge. Raises Conflict if it was judged."""
    finding = get_finding(session, finding_id, actor, lock=True)
    if finding.result is not CheckResult.CANNOT_JUDGE or finding.verdict is not None:
        raise Conflict("这一项已经有结论了，请刷新后再看。", code="judged_already")
    finding.verdict, finding.judge, finding.judged_words = CheckResult(form.verdict), form.judge, form.words
    finding.judged_by_id, finding.judged_at = actor.person_id, now
    session.flush()
    record(
        session, "inspection.judged", subject_type="inspection_finding", subject_id=finding.id,
        actor_id=actor.person_id, at=now,
        detail={"item": finding.label, "conclusion": form.verdict, "judge": form.judge},
    )  # fmt: skip
