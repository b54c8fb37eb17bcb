"""Checking in and out by the code on the trainer's screen. Safe to repeat and to race: one row for each person."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.core.db import settings_of, upsert
from server.core.errors import AppError, Conflict, Invalid, NotFound
from server.core.geodesy import metres_apart, to_datum
from server.core.text import search_key
from server.kit.scope import ancestors_of
from server.oversight.training import rules
from server.oversight.training.check_in.codes import LATE_DRIFT, Purpose, find_step, start_of
from server.oversight.training.models import (
    CHANGING,
    HIDDEN,
    Attendance,
    CheckInMeans,
    ConfirmedBy,
    SessionStatus,
    TrainingSession,
)
from server.oversight.training.queries import is_asked
from server.oversight.training.rules import Flag
from server.oversight.training.schemas import CheckIn, PointIn
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.queries import get_city

_TABLE = cast(Table, Attendance.__table__)
WRONG_CODE = "二维码或数字不对，或者已经换过了。请看屏幕上现在的再试一次。"


@dataclass(frozen=True, slots=True)
class Taken:
    """A code that was right: when its 15 seconds began by the server's clock, and whether it came later."""

    at: datetime
    is_late_sent: bool


def check_in(session: Session, session_id: UUID, form: CheckIn, *, actor: Actor, now: datetime) -> Attendance:
    """Note that somebody came. Raises NotFound, Invalid for a wrong code, Conflict outside of the window."""
    row = _get_open(session, session_id)
    taken = _read_code(session, row, Purpose.CHECK_IN, form, now)
    found = _find_own(session, row.id, actor) or _take_over(session, row.id, actor, now)
    if found is None:
        _insert(session, _values(session, row, form, taken, actor, now))
        found = _find_own(session, row.id, actor)
    if found is None:  # a row was taken out in between
        raise Conflict
    return found


def check_out(session: Session, session_id: UUID, form: CheckIn, *, actor: Actor, now: datetime) -> Attendance:
    """Note that somebody stayed to the end. Raises as `check_in`, Conflict for who did not check in."""
    row = _get_open(session, session_id)
    taken = _read_code(session, row, Purpose.CHECK_OUT, form, now)
    found = _find_own(session, row.id, actor, lock=True)
    if found is None:
        raise Conflict("你还没有签到，请找培训人登记。", code="not_checked_in")
    if found.checked_out_at is None:
        found.checked_out_at, found.updated_at = taken.at, now
        if found.confirmed_by is None:
            found.confirmed_by, found.confirmed_at = ConfirmedBy.CHECK_OUT, now
        if taken.is_late_sent and Flag.LATE_SENT not in found.flags:
            found.flags = [*found.flags, Flag.LATE_SENT]
        rules.settle(found)
        session.flush()
    return found


def _get_open(session: Session, session_id: UUID) -> TrainingSession:
    row = session.get(TrainingSession, session_id)
    if row is None or row.status in HIDDEN:
        raise NotFound("没有找到这场培训。", code="session_not_found")
    if row.status is SessionStatus.NOTIFIED:
        raise Conflict("培训还没有开始，请等培训人打开签到。", code="not_begun")
    if row.status not in CHANGING:  # what phones kept is taken until the papers are handed in
        raise Conflict("这场培训已经结束，不再接收签到。请找培训人登记。", code="over")
    return row


def _read_code(session: Session, row: TrainingSession, purpose: Purpose, form: CheckIn, now: datetime) -> Taken:
    """When it was taken. What was kept without a network says when by its phone's clock: the code tells the truth."""
    settings = settings_of(session)
    secrets = [each.get_secret_value() for each in (settings.secret_key, settings.secret_key_previous)]
    at, is_late = min(form.taken_at or now, now), form.taken_at is not None  # a phone's clock may run ahead
    if is_late and now > row.check_out_until + rules.LATE_SENT:
        raise Conflict("补传的时间已经过了，请找培训人登记。", code="too_late")
    drift = LATE_DRIFT if is_late else 0
    step = find_step([each for each in secrets if each], row.id, purpose, form.code, at, drift=drift)
    if step is None:
        raise Invalid(WRONG_CODE, code="wrong_code", fields={"code": WRONG_CODE})
    moment = start_of(step)
    if (refusal := _refuse_window(row, purpose, moment)) is not None:
        raise refusal
    return Taken(moment, is_late)


def _refuse_window(row: TrainingSession, purpose: Purpose, at: datetime) -> AppError | None:
    is_in = purpose is Purpose.CHECK_IN
    since, until = (row.check_in_from, row.check_in_until) if is_in else (row.check_out_from, row.check_out_until)
    word = "签到" if is_in else "签退"
    if at < since:
        return Conflict(f"还没有到{word}的时间。", code="too_early")
    return Conflict(f"{word}的时间已经过了，请找培训人登记。", code="too_late") if at > until else None


def _find_own(session: Session, session_id: UUID, actor: Actor, *, lock: bool = False) -> Attendance | None:
    """One row for one human being, whichever of their identities they came by."""
    those = select(Attendance).where(Attendance.session_id == session_id, Attendance.person_id.in_(actor.own_ids))
    return session.scalars(those.limit(1).with_for_update() if lock else those.limit(1)).first()


def _take_over(session: Session, session_id: UUID, actor: Actor, now: datetime) -> Attendance | None:
    """What the trainer or a sheet wrote down of somebody by name and number becomes theirs: they came once."""
    person = session.get_one(Person, actor.person_id)
    if not person.phone:
        return None
    found = session.scalars(
        select(Attendance)
        .where(
            Attendance.session_id == session_id, Attendance.person_id.is_(None), Attendance.phone == person.phone,
            Attendance.name_key == search_key(person.name),
        )
        .limit(1)
        .with_for_update()
    ).first()  # fmt: skip
    if found is not None:
        found.person_id, found.updated_at = person.id, now
        found.who = rules.identify(person_id=person.id, enterprise_id=None, enterprise="", name="", phone=None)
        session.flush()
    return found


def _insert(session: Session, values: dict[str, Any]) -> None:
    session.execute(upsert(_TABLE).values(**values).on_conflict_do_nothing())


def _values(
    session: Session, row: TrainingSession, form: CheckIn, taken: Taken, actor: Actor, now: datetime
) -> dict[str, Any]:
    person = session.get_one(Person, actor.person_id)
    enterprise = session.get(Union, person.enterprise_id) if person.enterprise_id is not None else None
    distance = _distance(row, form.point)
    device = _device(row, form.device)
    flags = [Flag.LATE_SENT] if taken.is_late_sent else []
    flags += [Flag.FAR_AWAY] if distance is not None and distance > rules.NEAR else []
    flags += [] if is_asked(session, row.id, person.enterprise_id) else [Flag.WALK_IN]
    flags += _flags_of_others(session, row, device, actor.own_ids)
    name = person.name or "（未填姓名）"
    who = rules.identify(person_id=person.id, enterprise_id=None, enterprise="", name=name, phone=None)
    return {
        "id": ids.new_id(), "session_id": row.id, "person_id": person.id, "who": who, "name": name,
        "name_key": search_key(name), "phone": person.phone, "enterprise_name": enterprise.name if enterprise else "",
        "team_id": person.team_id, "team": "", "post": form.post, "is_officer": is_officer(enterprise, person),
        "kind": row.kind, "held_on": day_of(row.starts_at), "means": CheckInMeans.CODE, "checked_in_at": taken.at,
        "is_struck": False, "is_counted": False, "distance": distance, "device": device,
        "flags": [str(flag) for flag in flags], "note": "", "created_at": now, "updated_at": now,
        **ancestors_of(enterprise or get_city(session)),
    }  # fmt: skip


def is_officer(enterprise: Union | None, person: Person) -> bool:
    """Whether they are whom their enterprise names as the one who answers for safety."""
    if enterprise is None or not enterprise.safety_officer_name:
        return False
    if enterprise.safety_officer_phone and person.phone:
        return enterprise.safety_officer_phone == person.phone
    return search_key(enterprise.safety_officer_name) == search_key(person.name)


def _distance(row: TrainingSession, point: PointIn | None) -> int | None:
    """The class of it. What the phone said of where it is goes no further than this function."""
    if point is None or row.latitude is None or row.longitude is None:
        return None
    there = to_datum(point.latitude, point.longitude, point.datum, "wgs84")
    return rules.distance_class(metres_apart((row.latitude, row.longitude), there), point.accuracy)


def _device(row: TrainingSession, device: str) -> str | None:
    """Tells devices of one session apart; it is another in the next session."""
    return hmac.digest(row.id.bytes, device.encode(), hashlib.sha256).hex()[:32] if device else None


def _flags_of_others(
    session: Session, row: TrainingSession, device: str | None, own_ids: frozenset[UUID]
) -> Sequence[Flag]:
    flags = []
    if device is not None:
        same = select(Attendance.id).where(Attendance.session_id == row.id, Attendance.device == device)
        if session.scalar(same.where(Attendance.person_id.not_in(own_ids)).limit(1)) is not None:
            flags.append(Flag.SHARED_DEVICE)
    elsewhere = (
        select(Attendance.id)
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(
            Attendance.person_id.in_(own_ids), Attendance.held_on == day_of(row.starts_at),
            Attendance.session_id != row.id, Attendance.is_struck.is_(False),
            TrainingSession.starts_at < row.ends_at, TrainingSession.ends_at > row.starts_at,
        )
        .limit(1)
    )  # fmt: skip
    return [*flags, Flag.OVERLAP] if session.scalar(elsewhere) is not None else flags
