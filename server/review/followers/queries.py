"""Reads of followers and joint reporters. Each takes a constant number of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.core.errors import NotFound
from server.core.web import cursors
from server.photos.models import Photo
from server.photos.pictures.links import picture_of
from server.photos.queries import list_photos
from server.photos.schemas import PictureOut
from server.review.followers.models import Follow
from server.review.followers.schemas import FollowedDetail, FollowedOut, FollowOut, FollowPage
from server.review.rectification.queries import find_rectification, latest_after
from server.review.safety.queries import find_held
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.anonymity.identity import day_of
from server.review.submissions.kinds.follow_up import FollowUp
from server.review.submissions.kinds.progress import progress_steps
from server.review.submissions.kinds.registry import read_content, read_follow_ups
from server.review.submissions.models import Kind, Status, Submission
from server.review.submissions.schemas import Step, StepFacts
from server.review.submissions.texts import status_text
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.models import Union

AnyRow = Row[*tuple[Any, ...]]
_JOINT = (
    select(Follow.submission_id, Follow.person_id)
    .where(Follow.is_joint.is_(True))
    .order_by(Follow.submission_id, Follow.joined_at, Follow.id)
)
_FOLLOWERS = select(Follow.submission_id, Follow.person_id).order_by(Follow.submission_id, Follow.id)


def list_joint_reporters(session: Session, submission_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Who reported each submission beside its reporter, in the order in which their reports arrived.

    By an own report merged into it that had arrived before it was accepted. Every id asked for is a key; nobody stands
    there twice, the reporter never.
    """
    return _people(session, _JOINT, submission_ids)


def list_followers(session: Session, submission_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Everybody who follows each submission, joint reporters included, the reporter not. Every id is a key."""
    return _people(session, _FOLLOWERS, submission_ids)


def _people(session: Session, statement: Any, submission_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, dict[UUID, None]] = {submission_id: {} for submission_id in submission_ids}
    if found:
        for row in session.execute(statement.where(Follow.submission_id.in_(found))):
            found[row.submission_id][row.person_id] = None
    return {submission_id: list(people) for submission_id, people in found.items()}


def count_followers(session: Session, submission_ids: Collection[UUID], actor: Actor) -> dict[UUID, FollowOut]:
    """How each submission is followed, by the actor and by how many people. Every id is a key."""
    counts = dict.fromkeys(submission_ids, (0, 0, 0))
    if counts:
        mine = Follow.person_id == actor.person_id
        rows = session.execute(
            select(
                Follow.submission_id,
                func.count(Follow.person_id.distinct()),
                func.count().filter(mine),
                func.count().filter(mine, Follow.is_joint.is_(True)),
            )
            .where(Follow.submission_id.in_(counts))
            .group_by(Follow.submission_id)
        )
        counts.update({submission_id: (people, own, joint) for submission_id, people, own, joint in rows})
    return {
        submission_id: FollowOut(is_following=own > 0, is_joint=joint > 0, followers=people)
        for submission_id, (people, own, joint) in counts.items()
    }


# --- what one follows -------------------------------------------------------------------------------------------------

Later = aliased(Follow, name="later")
_FOLLOWED = (
    select(
        Follow.id.label("follow_id"), Follow.followed_at, Submission.id, Submission.kind, Submission.campaign_id,
        Submission.status, Submission.category, Submission.excerpt, Submission.place, Submission.grade,
        Submission.is_anonymous, Submission.photos_expected, Submission.photos_received, Submission.created_at,
        Submission.updated_at, Submission.arrived_at, Submission.decided_at, Submission.enterprise_id,
        Union.name.label("union_name"),
    )
    .join(Submission, Submission.id == Follow.submission_id)
    .join(Union, Union.id == Submission.routed_union_id)
    .where(
        ~select(Later.id)  # several reasons to follow one submission make one line
        .where(
            Later.person_id == Follow.person_id, Later.submission_id == Follow.submission_id, Later.id > Follow.id
        )
        .exists()
    )
    .order_by(Follow.id.desc())
)  # fmt: skip


def find_followed(session: Session, submission_id: UUID, actor: Actor) -> tuple[AnyRow, FollowedOut]:
    """One of those that the actor follows. Raises NotFound."""
    mine = (Follow.person_id == actor.person_id, Follow.submission_id == submission_id)
    row = session.execute(_FOLLOWED.where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return row, _described(session, [row], actor)[0]


TAKEN_BACK = frozenset({Status.WITHDRAWN, Status.DECLINED})  # what its reporter showed is nobody else's any more


def get_followed(session: Session, submission_id: UUID, actor: Actor) -> FollowedDetail:
    """It in full. Raises NotFound for what the actor does not follow."""
    row, followed = find_followed(session, submission_id, actor)
    merged = session.scalars(
        select(Submission.id).where(
            Submission.duplicate_of_id == submission_id, Submission.reporter_id == actor.person_id
        )
    ).all()
    photos = list_photos(session, [submission_id, *merged])
    shows = _may_be_shown(session, row, actor)
    rectification = find_rectification(session, submission_id) if shows else None
    theirs = photos[submission_id] if shows else []
    return FollowedDetail(
        **followed.model_dump(),
        description=read_content(session, row.kind, submission_id).description if shows else "",
        photos=_pictures(photo for photo in theirs if photo.purpose in REPORT_PURPOSES),
        after=_pictures(latest_after(session, rectification.id, theirs) if rectification is not None else ()),
        own=_pictures(photo for each in merged for photo in photos[each] if photo.purpose in REPORT_PURPOSES),
    )


def _may_be_shown(session: Session, row: AnyRow, actor: Actor) -> bool:
    """Not of who hides their name: the place from which a picture was taken, or a turn of words, may give them away.
    Not from inside another's enterprise, and not while its content is being looked into."""
    return (
        not row.is_anonymous
        and row.enterprise_id in (None, actor.enterprise_id)
        and row.status not in TAKEN_BACK
        and not find_held(session, [row.id])
    )


def _pictures(photos: Iterable[Photo]) -> list[PictureOut]:
    found = (picture_of(photo, place, plays=True) for place, photo in enumerate(photos))
    return [each for each in found if each is not None]


def list_follows(session: Session, actor: Actor, after: str | None, limit: int) -> FollowPage:
    """What the actor follows, the newest first. Raises Invalid for a foreign cursor."""
    statement = _FOLLOWED.where(Follow.person_id == actor.person_id).limit(limit + 1)
    if after is not None:
        (last,) = cursors.decode(after, UUID)
        statement = statement.where(Follow.id < last)
    rows = session.execute(statement).all()
    page = rows[:limit]
    return FollowPage(
        items=_described(session, page, actor),
        next=cursors.encode(page[-1].follow_id) if len(rows) > limit else None,
    )


def _described(session: Session, rows: Sequence[AnyRow], actor: Actor) -> list[FollowedOut]:
    follows = count_followers(session, [row.id for row in rows], actor)
    follow_ups = _follow_ups_of(session, rows)
    held = find_held(session, [row.id for row in rows])
    return [
        _followed(session, row, follows[row.id].is_joint, follow_ups.get(row.id), is_held=row.id in held)
        for row in rows
    ]


def _follow_ups_of(session: Session, rows: Sequence[AnyRow]) -> Mapping[UUID, FollowUp]:
    accepted: dict[Kind, list[UUID]] = {}
    for row in rows:
        if row.status is Status.ACCEPTED:
            accepted.setdefault(row.kind, []).append(row.id)
    return read_follow_ups(session, accepted)


def _followed(
    session: Session, row: AnyRow, is_joint: bool, follow_up: FollowUp | None, *, is_held: bool
) -> FollowedOut:
    campaign = campaign_facts(session, row.campaign_id)
    status = Status.QUEUED if row.status is Status.RETURNED else row.status  # what was asked is the reporter's business
    steps = _steps(row, status, campaign.grades.get(row.grade) if row.grade is not None else None, follow_up)
    return FollowedOut(
        id=row.id,
        category_name=campaign.category_name(row.category),
        excerpt="" if row.is_anonymous or is_held else row.excerpt,
        place="" if is_held else row.place,
        status_text=follow_up.status_text if follow_up is not None else status_text(row.kind, status),
        steps=[_of_day(step) for step in steps] if row.is_anonymous else steps,
        followed_at=row.followed_at,
        is_joint=is_joint,
    )


def _steps(row: AnyRow, status: Status, grade_name: str | None, follow_up: FollowUp | None) -> list[Step]:
    """The steps without what was said to the reporter."""
    facts = StepFacts(
        kind=row.kind,
        status=status,
        created_at=row.created_at,
        arrived_at=row.arrived_at,
        decided_at=row.decided_at,
        updated_at=row.updated_at,
        photos_expected=row.photos_expected,
        photos_received=row.photos_received,
        union_name=row.union_name,
        grade_name=grade_name,
    )
    if status is Status.WITHDRAWN:
        return [Step(title=status_text(row.kind, status), state="done", at=row.updated_at, note="提交的人撤回了。")]
    later = follow_up.progress_steps if follow_up is not None else ()
    return [*progress_steps(facts), *(each.model_copy(update={"note": None}) for each in later)]


def _of_day(step: Step) -> Step:
    """A step of an anonymous report, by its day: it, its confirmation and its withdrawal are the reporter's doing."""
    return step.model_copy(update={"at": day_of(step.at) if step.at is not None else None})


# --- reports that were merged -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JointReport:
    """A report that was merged into a target, by somebody else or once more by the target's own reporter (`is_own`).

    `is_confirmed`: a reviewer has said that its sender was there; one's own needs nobody to say so.
    """

    report: Submission
    arrived_at: datetime
    is_own: bool
    is_confirmed: bool


def list_joint_reports(session: Session, target_ids: Collection[UUID]) -> dict[UUID, list[JointReport]]:
    """What counts beside each target, in the order of arrival: one statement. Every id is a key.

    A report that came only after its target had been accepted is none.
    """
    found: dict[UUID, list[JointReport]] = {target_id: [] for target_id in target_ids}
    if not found:
        return found
    target = aliased(Submission, name="target")
    is_own = target.reporter_id == Submission.reporter_id
    statement = (
        select(Submission, target.id, is_own.label("is_own"), Follow.confirmed_at)
        .join(target, target.id == Submission.duplicate_of_id)
        .outerjoin(Follow, (Follow.merged_id == Submission.id) & (Follow.person_id == Submission.reporter_id))
        .where(target.id.in_(found), or_(is_own, Follow.is_joint.is_(True)))
    )
    for report, target_id, own, confirmed_at in session.execute(statement):
        arrived_at = report.arrived_at or report.created_at
        found[target_id].append(JointReport(report, arrived_at, own, own or confirmed_at is not None))
    for reports in found.values():
        reports.sort(key=lambda each: (each.arrived_at, each.report.id))
    return found
