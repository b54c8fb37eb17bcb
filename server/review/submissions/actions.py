"""Writes of submissions from the reporter's side, and their arrival."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from server.core.db import read_ahead
from server.core.errors import Conflict, Invalid, NotFound
from server.core.new_rows import NewRow, value_of_first
from server.core.prepared import Prepared
from server.core.text import quoted
from server.kit.attachments import Attachments, Manifest, declare, drop_unfinished, is_declared, list_unfinished
from server.kit.workflow import perform, perform_held, require_possible, rows_of_beginning
from server.photos.models import Photo, PhotoPurpose, PhotoState
from server.review.submissions.models import Answer, Kind, Move, Status, Submission
from server.review.submissions.routing.answering_union import Route
from server.review.submissions.schemas import AnswerIn
from server.review.submissions.workflow import REPORTER_WORKFLOW, lock_own, lock_submission
from server.unions.actor import Actor
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import CampaignFacts, campaign_facts, forget_campaigns

MAX_PHOTOS = 36  # of one submission with all its answers
REPORT_PURPOSES = (PhotoPurpose.REPORT, PhotoPurpose.ANSWER)
"""Photos that a submission is declared with; what shows its rectification is counted elsewhere."""


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """A submission as an activity hands it over; `content_hash` tells a replay from a clash."""

    id: UUID
    kind: Kind
    campaign_id: UUID
    reporter_id: UUID
    content_hash: str
    category: str
    excerpt: str
    place: str
    photos_expected: int
    route: Route
    is_anonymous: bool = False
    kept_from_id: UUID | None = None


_SUBMISSIONS = cast(Table, Submission.__table__)
ENDED = "已经结束，现在不能提交。内容都留着，新的活动开始后再提交；遇到紧急危险，请马上告诉现场负责人。"
_SAME_ID = select(Submission.reporter_id, Submission.content_hash)
TAKES_NEW = exists().where(Campaign.id == value_of_first(_SUBMISSIONS.c.campaign_id), Campaign.archived_at.is_(None))
"""Part of the insert of what is new: archived in one process, a campaign takes nothing in any other at once."""


def hash_content(canonical: str) -> str:
    """SHA-256 of the canonical text of what a client sent, in hexadecimal."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def row_of_submission(new: NewSubmission, now: datetime) -> NewRow:
    """The submission itself, to be inserted unless its id is taken."""
    return _SUBMISSIONS, {
        "id": new.id,
        "kind": new.kind,
        "campaign_id": new.campaign_id,
        "reporter_id": new.reporter_id,
        "content_hash": new.content_hash,
        "status": Status.INCOMPLETE,
        "version": 1,
        "category": new.category,
        "excerpt": new.excerpt,
        "place": new.place,
        "photos_expected": new.photos_expected,
        "photos_received": 0,
        "is_anonymous": new.is_anonymous,
        "kept_from_id": new.kept_from_id,
        "city_id": new.route.city_id,
        "district_id": new.route.district_id,
        "town_id": new.route.town_id,
        "enterprise_id": new.route.enterprise_id,
        "routed_union_id": new.route.union_id,
        "created_at": now,
        "updated_at": now,
    }


def rows_of_creation(new: NewSubmission, now: datetime) -> list[NewRow]:
    """The rows that put a new submission on record, to be written with the activity's own."""
    return rows_of_beginning(REPORTER_WORKFLOW, new, actor_id=new.reporter_id, now=now)


def check_replay(session: Session, new: NewSubmission) -> None:
    """Raises Conflict unless the submission under its id is the reporter's and says the same. Where there is none, its
    campaign does not take it any more, which this process learns now.

    Somebody else's is answered in the same words, so that ids cannot be probed.
    """
    known = session.execute(_SAME_ID.where(Submission.id == new.id)).one_or_none()
    if known is None:
        forget_campaigns()
        raise _ended(campaign_facts(session, new.campaign_id))
    if known.reporter_id != new.reporter_id or known.content_hash != new.content_hash:
        raise Conflict("这条内容和之前提交的不一样，请作为新的一条重新提交。", code="content_differs")


def require_open(
    session: Session, campaign: CampaignFacts, submission_id: UUID, reporter_id: UUID, now: datetime
) -> None:
    """Raises Conflict where the campaign has ended or is archived; what the reporter sent before that is known again.
    The phone keeps what is refused."""
    if not campaign.closed_text(now):
        return
    known = session.execute(_SAME_ID.where(Submission.id == submission_id)).one_or_none()
    if known is None or known.reporter_id != reporter_id:
        raise _ended(campaign)


def _ended(campaign: CampaignFacts) -> Conflict:
    return Conflict(f"{quoted(campaign.name)}{ENDED}", code="campaign_ended")


# Part of every upload.
_PHOTOS = cast(Table, Photo.__table__).c
_STATUS_OF = select(_SUBMISSIONS.c.status).where(_SUBMISSIONS.c.id == bindparam("submission_id"))
_STATUS, _LOCK_STATUS = Prepared(_STATUS_OF), Prepared(_STATUS_OF.with_for_update())
_COUNT_PHOTOS = Prepared(
    update(_SUBMISSIONS)
    .where(_SUBMISSIONS.c.id == bindparam("submission_id"))
    .values(
        photos_received=select(func.count())
        .where(
            _PHOTOS.submission_id == _SUBMISSIONS.c.id,
            _PHOTOS.state != PhotoState.AWAITED,
            or_(*(_PHOTOS.purpose == purpose for purpose in REPORT_PURPOSES)),
        )
        .scalar_subquery(),
        updated_at=bindparam("now"),
    )
)


def get_status(session: Session, submission_id: UUID) -> str:
    """How it stands. Raises NotFound."""
    return _find_status(session, submission_id)


def _find_status(session: Session, submission_id: UUID, *, lock: bool = False) -> Status:
    asked = {"submission_id": submission_id}
    rows = _LOCK_STATUS.execute(session.connection(), asked) if lock else read_ahead(session, _STATUS, asked)
    if not rows:
        raise NotFound
    status: Status = rows[0][0]
    return status


def admit_photo(session: Session, submission_id: UUID, *, lock: bool) -> None:
    """A photo is about to be noted: `lock` the submission so that uploads, withdrawal and sweep take turns.

    Raises Conflict if it was withdrawn, NotFound if it is gone.
    """
    if _find_status(session, submission_id, lock=lock) is Status.WITHDRAWN:
        raise Conflict("这条内容已经撤回，不用再传照片了。", code="withdrawn")


def count_photos(session: Session, submission_id: UUID, now: datetime) -> None:
    """Bring the number of photos received up to date. The row is locked already (admit_photo)."""
    _COUNT_PHOTOS.execute(session.connection(), {"submission_id": submission_id, "now": now})


def complete_photos(session: Session, submission_id: UUID, now: datetime) -> None:
    """All photos that a submission was declared with are here: it enters the queue, unless it was withdrawn."""
    submission = lock_submission(session, submission_id)
    if submission.status is Status.INCOMPLETE:
        context = REPORTER_WORKFLOW.context(session, submission, actor=None, now=now)
        perform_held(REPORTER_WORKFLOW, context, Move.SUBMIT)


def withdraw_submission(session: Session, submission_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The reporter takes it back, as long as nothing is decided. Doing it twice changes nothing.

    Raises NotFound for somebody else's, Conflict once it is decided.
    """
    perform(REPORTER_WORKFLOW, session, submission_id, Move.WITHDRAW, actor=actor, now=now)


def answer_submission(
    session: Session, submission_id: UUID, answer_id: UUID, body: AnswerIn, *, actor: Actor, now: datetime
) -> bool:
    """Answer the reviewer's question; it goes back into the queue when the answer's photos are all here.

    Returns whether the answer is new; the same answer again changes nothing. Raises NotFound for somebody else's,
    Conflict if nothing was asked or the id was used for another answer, Invalid for an empty one.
    """
    submission = lock_own(session, submission_id, actor)
    content_hash = hash_content(body.model_dump_json(exclude_defaults=True))
    if is_declared(session, ANSWERS, answer_id, submission_id=submission.id, content_hash=content_hash):
        return False
    context = REPORTER_WORKFLOW.context(session, submission, actor=actor, now=now, form=body)
    require_possible(REPORTER_WORKFLOW, REPORTER_WORKFLOW.find(Move.ANSWER), context)
    manifest = Manifest(
        photos=body.photos, submission_id=submission.id, owner_id=submission.reporter_id,
        purpose=PhotoPurpose.ANSWER, of_day=now if submission.is_anonymous else None,
    )  # fmt: skip
    _check_answer(session, submission, body, manifest)
    unfinished = list_unfinished(session, ANSWERS, Answer.submission_id == submission.id)
    submission.photos_expected -= drop_unfinished(session, submission.id, unfinished, keep_arrived=True)
    submission.photos_expected += len(body.photos)
    submission.updated_at = now
    session.flush()
    answer = Answer(
        id=answer_id, submission_id=submission.id, content_hash=content_hash, text=body.text, created_at=now
    )
    declare(session, ANSWERS, answer, manifest, now=now)
    return True


def requeue_unanswerable(session: Session, reporter_id: UUID, *, now: datetime) -> None:
    """The reporter is gone: what waits for their answer goes back into the queue and is decided as it is."""
    asked = select(Submission.id).where(Submission.reporter_id == reporter_id, Submission.status == Status.RETURNED)
    for submission_id in session.scalars(asked.order_by(Submission.id)).all():
        submission = lock_submission(session, submission_id)
        if submission.status is Status.RETURNED:
            context = REPORTER_WORKFLOW.context(session, submission, actor=None, now=now)
            perform_held(REPORTER_WORKFLOW, context, Move.REQUEUE)


def _check_answer(session: Session, submission: Submission, body: AnswerIn, manifest: Manifest) -> None:
    if not body.text and not body.photos:
        raise Invalid("写几句话，或者拍一张照片。", fields={"text": "写几句话，或者拍一张照片"})
    if submission.photos_expected + len(body.photos) > MAX_PHOTOS:
        raise Invalid("这条内容的照片太多了，请少传几张。", fields={"photos": f"一条内容最多 {MAX_PHOTOS} 张照片"})
    manifest.check_sizes(session)


def _complete_answer(session: Session, answer: Answer, now: datetime) -> None:
    """It goes back into the queue, unless it does not wait for an answer any more."""
    submission = lock_submission(session, answer.submission_id)
    if submission.status is Status.RETURNED:
        context = REPORTER_WORKFLOW.context(
            session, submission, actor=None, now=now, form=answer, cause_id=submission.reporter_id
        )
        perform_held(REPORTER_WORKFLOW, context, Move.ANSWER)


ANSWERS = Attachments(model=Answer, differs="这次补充和之前提交的不一样，请重新补充。", complete=_complete_answer)
