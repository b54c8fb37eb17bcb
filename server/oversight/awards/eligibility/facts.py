"""The facts that eligibility is judged by, read from review at one moment."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import SHANGHAI
from server.oversight.awards.eligibility.judgement import STRUCK
from server.oversight.awards.models import AwardBatch, AwardClaim, AwardEntry, AwardScheme, BatchStatus, EntryStatus
from server.review.duplicates.queries import list_reuse_flags
from server.review.followers.queries import JointReport, list_joint_reports
from server.review.rectification.models import Rectification
from server.review.rectification.queries import is_closed_for_good
from server.review.submissions.models import Submission
from server.unions.actor import SCOPE_COLUMNS
from server.unions.people.models import Person, RoleAssignment
from server.unions.people.selves.queries import TRUSTED, other_selves
from server.unions.roles import Role
from server.unions.tree.models import Union

HOLDING = (BatchStatus.PUBLISHED, BatchStatus.FINAL, BatchStatus.PAID)


def gather_facts(session: Session, scheme: AwardScheme, batch: AwardBatch) -> dict[str, Any]:
    """A snapshot of plain JSON: the scheme's rules, who has had an award in it, every hazard closed in its period."""
    hazards = _hazards(session, scheme, batch)
    people = {UUID(each) for hazard in hazards for each in (hazard["reporter_id"], *hazard["joint_ids"])}
    return {
        "rules": {
            "grades": sorted(scheme.grades),
            "quota": batch.quota,
            "amount_cents": scheme.amount_cents,
            "joint_share": scheme.joint_share,
            "exclude_duty": scheme.exclude_duty,
        },
        "awarded": sorted(str(each) for each in awarded_people(session, scheme, batch)),
        "hazards": hazards,
        "same_people": {
            str(person): sorted(str(each) for each in others)
            for person, others in other_selves(session, people).items()
        },
    }


def awarded_people(session: Session, scheme: AwardScheme, batch: AwardBatch) -> Collection[UUID]:
    """Who is on the lists of the scheme's other batches, in every row of theirs."""
    statement = (
        select(AwardEntry.person_id)
        .join(AwardBatch, AwardBatch.id == AwardEntry.batch_id)
        .where(
            AwardBatch.scheme_id == scheme.id,
            AwardBatch.id != batch.id,
            AwardBatch.status.in_(HOLDING),
            AwardEntry.status == EntryStatus.LISTED,
            AwardEntry.person_id.is_not(None),
        )
    )
    people = {each for each in session.scalars(statement) if each is not None}
    return people.union(*other_selves(session, people).values())


def _hazards(session: Session, scheme: AwardScheme, batch: AwardBatch) -> list[dict[str, Any]]:
    union = session.get_one(Union, scheme.union_id)
    begin = datetime.combine(scheme.starts_on, time(), SHANGHAI)
    end = datetime.combine(scheme.ends_on + timedelta(days=1), time(), SHANGHAI)
    statement = (
        select(Rectification, Submission)
        .join(Submission, Submission.id == Rectification.submission_id)
        .where(
            getattr(Rectification, SCOPE_COLUMNS[union.level]) == union.id,
            is_closed_for_good(),
            Rectification.campaign_id == scheme.campaign_id,
            Rectification.closed_at >= begin,
            Rectification.closed_at < end,
        )
        .order_by(Submission.id)
    )
    rows = session.execute(statement).all()
    found = [submission.id for _, submission in rows]
    joint, reuse = list_joint_reports(session, found), list_reuse_flags(session, found)
    claims, struck = _claims(session, batch), _struck(session, batch)
    duty = _on_duty(session, [row for row, _ in rows])
    namesakes = _namesakes(session, [row for row, _ in rows])
    return [
        {
            "submission_id": str(submission.id),
            "rectification_id": str(row.id),
            "grade": row.grade,
            "closed_at": row.closed_at.isoformat() if row.closed_at else "",
            **_reporters(submission, joint[submission.id]),
            "on_duty": sorted(str(each) for each in duty[row.id]),
            "namesakes": sorted(str(each) for each in namesakes[row.id]),
            "reuse": [flag.text for flag in reuse[submission.id]],
            "claimed_by": claims.get(submission.id),
            "struck": struck.get(submission.id, {}),
        }
        for row, submission in rows
    ]


def _reporters(submission: Submission, reports: Sequence[JointReport]) -> dict[str, Any]:
    """Who shares, in the order of arrival over the hazard and all that was merged into it, whichever is the target.

    `reporter_id` is the first of them, `joint_ids` are the others; nobody has confirmed `unconfirmed_ids` yet, of whom
    `earlier_ids` came before the first.
    """
    arrivals = {submission.reporter_id: submission.arrived_at or submission.created_at}
    for each in reports:
        if each.is_confirmed:
            person_id = each.report.reporter_id
            arrivals[person_id] = min(arrivals.get(person_id, each.arrived_at), each.arrived_at)
    first, *others = sorted(arrivals, key=lambda person_id: (arrivals[person_id], person_id))
    waiting = {each.report.reporter_id: each for each in reversed(reports) if each.report.reporter_id not in arrivals}
    waiting = dict(reversed(waiting.items()))
    return {
        "arrived_at": arrivals[first].isoformat(),
        "reporter_id": str(first),
        "joint_ids": [str(each) for each in others],
        "unconfirmed_ids": [str(each) for each in waiting],
        "earlier_ids": [str(key) for key, each in waiting.items() if each.arrived_at < arrivals[first]],
    }


def _claims(session: Session, batch: AwardBatch) -> dict[UUID, str]:
    statement = (
        select(AwardClaim.submission_id, AwardBatch.name)
        .join(AwardBatch, AwardBatch.id == AwardClaim.batch_id)
        .where(AwardClaim.batch_id != batch.id)
    )
    return {row.submission_id: row.name for row in session.execute(statement)}


def _struck(session: Session, batch: AwardBatch) -> dict[UUID, dict[str, str]]:
    """Whom a reviewer took out of the batch as it was computed last, with the reason, by hazard."""
    statement = select(AwardEntry.submission_id, AwardEntry.person_id, AwardEntry.reason).where(
        AwardEntry.batch_id == batch.id,
        AwardEntry.status == EntryStatus.EXCLUDED,
        AwardEntry.reason.startswith(STRUCK),
    )
    struck: dict[UUID, dict[str, str]] = {}
    for submission_id, person_id, reason in session.execute(statement):
        if submission_id is not None and person_id is not None:
            struck.setdefault(submission_id, {})[str(person_id)] = reason
    return struck


def _on_duty(session: Session, rows: list[Rectification]) -> dict[UUID, set[UUID]]:
    """Whose duty each rectification was: who said it was done, the enterprise's reviewers and its safety officer.

    The officer is known by a number that is proved or that the office wrote down: a name or a number that people typed
    about themselves tells nothing (`_namesakes` lets somebody look).
    """
    unions = {each for row in rows for each in (row.enterprise_id, row.addressee_id) if each is not None}
    holders: dict[UUID, set[UUID]] = {}
    roles = select(RoleAssignment.union_id, RoleAssignment.person_id).where(
        RoleAssignment.role == Role.ENTERPRISE_REVIEWER, RoleAssignment.union_id.in_(unions)
    )
    officers = select(Union.id, Person.id).join(
        Person,
        (Person.enterprise_id == Union.id)
        & (Person.phone == Union.safety_officer_phone)
        & Person.phone_source.in_(TRUSTED),
    )
    for statement in (roles, officers.where(Union.id.in_(unions))):
        for union_id, person_id in session.execute(statement):
            holders.setdefault(union_id, set()).add(person_id)
    duty = {
        row.id: {each for each in (row.rectified_by_id,) if each is not None}.union(
            *(holders.get(each, set()) for each in (row.enterprise_id, row.addressee_id) if each is not None)
        )
        for row in rows
    }
    others = other_selves(session, set().union(*duty.values()))
    return {key: people.union(*(others.get(each, ()) for each in people)) for key, people in duty.items()}


def _namesakes(session: Session, rows: list[Rectification]) -> dict[UUID, set[UUID]]:
    """People of the enterprise who call themselves like its safety officer."""
    unions = {row.enterprise_id for row in rows if row.enterprise_id is not None}
    statement = (
        select(Union.id, Person.id)
        .join(Person, (Person.enterprise_id == Union.id) & (Person.name == Union.safety_officer_name))
        .where(Union.id.in_(unions))
    )
    called: dict[UUID, set[UUID]] = {}
    for union_id, person_id in session.execute(statement):
        called.setdefault(union_id, set()).add(person_id)
    return {row.id: called.get(row.enterprise_id, set()) if row.enterprise_id else set() for row in rows}
