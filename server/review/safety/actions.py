"""Writes of content checks: opening, asking, settling, releasing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.db import upsert
from server.core.errors import Conflict, Forbidden, NotFound
from server.core.jobs.actions import enqueue
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.photos.models import Photo, PhotoState
from server.photos.pictures.links import public_link
from server.review.safety.models import CheckState, PushedVerdict, SafetyCheck, Source
from server.review.safety.permissions import PERMISSIONS
from server.review.safety.queries import find_held, find_openid, read_words
from server.review.safety.rules import (
    ASKED_AT_MOST,
    BACK_OFF,
    COMPLAINED,
    LEASE,
    LINK_LIVES,
    NOT_READY,
    VERDICT_AFTER,
    again_at,
    cause,
)
from server.review.submissions.models import Submission
from server.review.submissions.workflow import lock_submission
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS
from server.wechat.gateway import TextVerdict
from server.wechat.outcomes import WechatRefused, WechatSilent
from server.wechat.verdicts import MediaChecked

OPEN_JOB, ASK_JOB, VERDICT_JOB = "safety.open_checks", "safety.ask_wechat", "safety.settle_photo"


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What WeChat is to be asked: about words, or about a picture at `url`."""

    openid: str
    words: str = ""
    url: str = ""


def open_checks(session: Session, source: Source, subject_id: UUID, *, now: datetime) -> None:
    """A row for the words and for each photo that came with them, and the jobs that ask. Opened already: nothing."""
    found = read_words(session, source, subject_id)
    if found is None:
        return
    wanted = [(source, subject_id)] if found.words else []
    photos = select(Photo.id).where(Photo.submission_id == found.submission_id, Photo.batch_id == found.batch_id)
    wanted += [(Source.PHOTO, photo_id) for photo_id in session.scalars(photos.order_by(Photo.position))]
    for each, each_id in wanted:
        check_id = ids.new_id()
        row = {
            "id": check_id, "submission_id": found.submission_id, "source": each, "subject_id": each_id,
            "state": CheckState.WAITING, "attempts": 0, "next_at": now, "created_at": now,
        }  # fmt: skip
        unless_there = upsert(SafetyCheck).values(row).on_conflict_do_nothing()
        if session.scalar(unless_there.returning(SafetyCheck.id)) is not None:
            enqueue(session, ASK_JOB, check_id=check_id)


def begin_asking(
    session: Session, check_id: UUID, settings: Settings, store: ObjectStore, *, now: datetime
) -> Question | None:
    """What to ask WeChat, noted before it is asked. None: nothing now; another job comes if it is only too early."""
    check = session.get(SafetyCheck, check_id, with_for_update=True)
    if check is None or check.state not in (CheckState.WAITING, CheckState.ASKED):
        return None
    if check.next_at > now:
        enqueue(session, ASK_JOB, run_at=check.next_at, check_id=check_id)
        return None
    if check.state is CheckState.ASKED and check.attempts >= ASKED_AT_MOST:
        _give_up(check, "no_verdict", now)
        return None
    openid = find_openid(session, check.submission_id, settings.wechat_app_id)
    if openid is None:
        _give_up(check, "no_wechat", now)
        return None
    question = _question(session, check, openid, settings, store, now)
    if question is not None:
        check.state, check.trace_id = CheckState.WAITING, None
        check.attempts, check.next_at = check.attempts + 1, now + LEASE
    return question


def _question(
    session: Session, check: SafetyCheck, openid: str, settings: Settings, store: ObjectStore, now: datetime
) -> Question | None:
    if check.source is not Source.PHOTO:
        found = read_words(session, check.source, check.subject_id)
        return Question(openid, words=found.words) if found is not None else None
    photo = session.get(Photo, check.subject_id)
    if photo is None or photo.state is PhotoState.DAMAGED:
        _give_up(check, "damaged", now)
    elif photo.state is not PhotoState.READY:
        if now - check.created_at > sum(BACK_OFF[:4], NOT_READY):
            _give_up(check, "not_ready", now)
        else:
            _later(session, check, now + max(NOT_READY, now - check.created_at))
    else:
        url = public_link(settings, store, photo.id, now, now + LINK_LIVES)
        if url is not None:
            return Question(openid, url=url)
        _give_up(check, "no_public_url", now)
    return None


def note_verdict(session: Session, check_id: UUID, verdict: TextVerdict, *, now: datetime) -> None:
    """What WeChat said of words."""
    check = session.get_one(SafetyCheck, check_id, with_for_update=True)
    if check.state is CheckState.WAITING:
        _apply_verdict(session, check, verdict.suggest, verdict.label, now)


def note_asked(session: Session, check_id: UUID, trace_id: str, *, now: datetime) -> None:
    """WeChat has the picture. A job looks again when the verdict should have come."""
    check = session.get_one(SafetyCheck, check_id, with_for_update=True)
    if check.state is CheckState.WAITING:
        check.state, check.trace_id, check.reason = CheckState.ASKED, trace_id, None
        _later(session, check, now + VERDICT_AFTER)


def note_failure(session: Session, check_id: UUID, error: WechatRefused | WechatSilent, *, now: datetime) -> None:
    """WeChat did not answer, or refused: later again, or not at all."""
    check = session.get_one(SafetyCheck, check_id, with_for_update=True)
    if check.state is not CheckState.WAITING:
        return
    check.reason = cause(error)
    later = again_at(error, check.attempts, now)
    if later is None:
        _give_up(check, check.reason, now)
    else:
        _later(session, check, later)


def record_media_result(session: Session, result: MediaChecked, *, now: datetime) -> None:
    """Keep a pushed verdict, once however often it comes, and let a job apply it.

    It may be faster than our own note of the trace id. Each side writes first and looks for the other's in a later
    transaction, so that one of them finds both.
    """
    known = result.errcode == 0 and result.suggest in ("pass", "review", "risky")
    row = {
        "trace_id": result.trace_id, "suggest": result.suggest if known else "", "label": result.label or 0,
        "received_at": now,
    }  # fmt: skip
    session.execute(upsert(PushedVerdict).values(row).on_conflict_do_nothing())
    enqueue(session, VERDICT_JOB, trace_id=result.trace_id)


def apply_pushed_verdict(session: Session, trace_id: str, *, now: datetime) -> None:
    """Apply the verdict pushed for a trace id, if both are here by now."""
    verdict = session.get(PushedVerdict, trace_id)
    check = session.scalar(select(SafetyCheck).where(SafetyCheck.trace_id == trace_id).with_for_update())
    if verdict is None or check is None or check.state not in (CheckState.ASKED, CheckState.UNCHECKED):
        return
    if verdict.suggest:  # late is better than never
        _apply_verdict(session, check, verdict.suggest, verdict.label, now)
    elif check.state is CheckState.UNCHECKED:
        return
    elif check.attempts >= ASKED_AT_MOST:
        _give_up(check, "download_failed", now)
    else:
        check.state, check.trace_id, check.reason = CheckState.WAITING, None, "download_failed"
        _later(session, check, now + BACK_OFF[check.attempts])


def check_scope(session: Session, submission_id: UUID, actor: Actor) -> None:
    """Raises NotFound for a submission that is none of the actor's business."""
    visible = select(Submission.id).where(
        Submission.id == submission_id,
        Submission.arrived_at.is_not(None),
        in_scope(actor, Submission, PERMISSIONS["safety.release"]),
    )
    if session.scalar(visible) is None:
        raise NotFound


def hold(session: Session, submission_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Keep a submission from others because somebody complained, until it is let go as what WeChat's check held. Safe
    to repeat. Raises Forbidden outside of the actor's subtrees."""
    submission = lock_submission(session, submission_id)
    if not actor.holds_over(submission, REVIEWERS):
        raise Forbidden
    if find_held(session, [submission_id]):
        return
    found = {"state": CheckState.HELD, "suggest": "risky", "label": COMPLAINED, "reason": None, "settled_at": now}
    nobody = {"released_by_id": None, "released_at": None, "release_reason": None}
    about = (SafetyCheck.source == Source.REPORT, SafetyCheck.subject_id == submission_id)
    known = session.scalar(select(SafetyCheck).where(*about).with_for_update())
    if known is None:
        of_it = {"submission_id": submission_id, "source": Source.REPORT, "subject_id": submission_id}
        session.add(SafetyCheck(id=ids.new_id(), attempts=0, next_at=now, created_at=now, **of_it, **found))
    else:
        for name, value in (found | nobody).items():
            setattr(known, name, value)
    session.flush()
    detail = {"source": Source.REPORT.value, "label": COMPLAINED}
    _record(session, "safety.held", submission_id, actor.person_id, now, detail)


def release(session: Session, submission_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Let everything of a submission that is held go. Raises NotFound out of scope, Conflict if nothing is held, or for
    one's own."""
    check_scope(session, submission_id, actor)
    submission = lock_submission(session, submission_id)
    if actor.is_own(submission.reporter_id):
        raise Conflict("自己提交的内容要由别人放行。", code="own_submission")
    released = session.execute(
        update(SafetyCheck)
        .where(SafetyCheck.submission_id == submission_id, SafetyCheck.state == CheckState.HELD)
        .values(state=CheckState.RELEASED, released_by_id=actor.person_id, released_at=now, release_reason=reason)
        .returning(SafetyCheck.id, SafetyCheck.label)
        .execution_options(synchronize_session=False)
    ).all()
    if not released:
        raise Conflict("没有需要放行的内容，刷新再看。", code="nothing_held")
    detail = {"labels": sorted(row.label for row in released), "reason": reason}
    _record(session, "safety.released", submission_id, actor.person_id, now, detail)


def _apply_verdict(session: Session, check: SafetyCheck, suggest: str, label: int, now: datetime) -> None:
    check.state = CheckState.PASSED if suggest == "pass" else CheckState.HELD
    check.suggest, check.label, check.reason, check.settled_at = suggest, label, None, now
    if check.state is CheckState.HELD:
        detail = {"source": check.source.value, "suggest": suggest, "label": label}
        _record(session, "safety.held", check.submission_id, None, now, detail)


def _give_up(check: SafetyCheck, reason: str, now: datetime) -> None:
    check.state, check.reason, check.settled_at = CheckState.UNCHECKED, reason, now


def _later(session: Session, check: SafetyCheck, moment: datetime) -> None:
    check.next_at = moment
    enqueue(session, ASK_JOB, run_at=moment, check_id=check.id)


def _record(
    session: Session, action: str, submission_id: UUID, actor_id: UUID | None, now: datetime, detail: dict[str, Any]
) -> None:
    record(
        session, action, subject_type="submission", subject_id=submission_id, actor_id=actor_id, at=now, detail=detail
    )
