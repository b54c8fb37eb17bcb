"""Joint reporters of the hazards in a batch: shown to whoever awards, who confirms that they were there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import Forbidden, NotFound
from server.kit.workflow import find_refusal, perform_held
from server.oversight.awards.batches.entries import lock_batch
from server.oversight.awards.models import AwardBatch, AwardEntry, BatchMove
from server.oversight.awards.workflow import BATCHES
from server.review.duplicates.matching.likeness import metres_between
from server.review.followers.actions import confirm_joint_report
from server.review.followers.queries import JointReport, list_joint_reports
from server.review.submissions.anonymity.identity import ANONYMOUS, may_see_traces, shown_moment
from server.review.submissions.anonymity.parts import Part, find_unnamed
from server.review.submissions.kinds.content import Content
from server.review.submissions.kinds.registry import ids_by_kind, read_contents
from server.review.submissions.models import Submission
from server.unions.actor import Actor
from server.unions.people.models import Person


@dataclass(frozen=True, slots=True)
class JointLine:
    """A report that was merged into a hazard of the batch; `remarks` say how far off it was and what it showed."""

    target_id: UUID
    merged_id: UUID
    name: str
    arrived_at: datetime
    day_only: bool
    is_first: bool
    remarks: list[str]
    is_confirmed: bool


def list_joint(session: Session, batch: AwardBatch, actor: Actor) -> list[JointLine]:
    """What was merged into the hazards of a computed batch, by hazard and arrival. Constant statements."""
    in_batch = select(AwardEntry.submission_id).where(
        AwardEntry.batch_id == batch.id, AwardEntry.submission_id.is_not(None)
    )
    targets = {each.id: each for each in session.scalars(select(Submission).where(Submission.id.in_(in_batch)))}
    joint = list_joint_reports(session, targets)
    found = [(targets[key], each) for key in sorted(joint) for each in joint[key] if not each.is_own]
    people = {each.report.reporter_id for _, each in found}
    names = {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}
    unnamed = find_unnamed(session, {Part(each.report.id, each.report.reporter_id) for _, each in found}, actor)
    contents = read_contents(session, ids_by_kind([*targets.values(), *(each.report for _, each in found)]))
    hidden = {part.submission_id for part in unnamed}
    return [
        _line(target, each, joint[target.id], ANONYMOUS if each.report.id in hidden else names[each.report.reporter_id],
              contents, actor)
        for target, each in found
    ]  # fmt: skip


def _line(
    target: Submission, each: JointReport, family: list[JointReport], name: str, contents: Mapping[UUID, Content],
    actor: Actor,
) -> JointLine:  # fmt: skip
    report = each.report
    there, here = (contents.get(key, Content()).coordinates for key in (report.id, target.id))
    metres = metres_between(there, here)
    where = "没有定位，请看照片" if metres is None else f"相距约 {metres:.0f} 米"
    return JointLine(
        target_id=target.id,
        merged_id=report.id,
        name=name or "未填姓名",
        arrived_at=shown_moment(actor, report, each.arrived_at),
        day_only=not may_see_traces(actor, report),
        is_first=each is family[0] and each.arrived_at < (target.arrived_at or target.created_at),
        remarks=[where, f"{report.photos_received} 张照片"],
        is_confirmed=each.is_confirmed,
    )


def confirm_joint(session: Session, batch_id: UUID, merged_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let the sender of a merged report share: the list is computed anew at once. Safe to repeat.

    Raises NotFound for what was not merged into a hazard of the batch, Forbidden for one's own, Conflict once the list
    is not computed any more.
    """
    batch = lock_batch(session, batch_id, actor)
    context = BATCHES.context(session, batch, actor=actor, now=now)
    refusal = find_refusal(BATCHES, BATCHES.find(BatchMove.COMPUTE), context)
    if refusal is not None:
        raise refusal
    report = session.get(Submission, merged_id)
    if report is None or report.duplicate_of_id is None or not _is_in(session, batch, report.duplicate_of_id):
        raise NotFound
    if actor.is_own(report.reporter_id):
        raise Forbidden("这是您本人上报的，请由别的审核员确认。", code="own_report")
    known = {
        each.report.id: each for each in list_joint_reports(session, [report.duplicate_of_id])[report.duplicate_of_id]
    }
    if report.id not in known:
        raise NotFound
    if known[report.id].is_confirmed:
        return
    confirm_joint_report(session, report.id, now)
    record(
        session, "award.confirm_joint", subject_type="award_batch", subject_id=batch.id, actor_id=actor.person_id,
        at=now, detail={"submission_id": str(report.duplicate_of_id), "merged_id": str(report.id)},
    )  # fmt: skip
    session.flush()
    perform_held(BATCHES, context, BatchMove.COMPUTE)


def _is_in(session: Session, batch: AwardBatch, submission_id: UUID) -> bool:
    entry = select(AwardEntry.id).where(AwardEntry.batch_id == batch.id, AwardEntry.submission_id == submission_id)
    return session.scalar(entry.limit(1)) is not None
