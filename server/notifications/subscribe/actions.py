"""Writes of the consent ledger and of the messages that use it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.jobs.actions import enqueue
from server.core.messages import PersonalMessage
from server.core.settings import Settings
from server.kit.occasions import Occasion
from server.notifications.subscribe.message_templates.fields import fit, problem
from server.notifications.subscribe.message_templates.occasions import after_quiet, render, words_of
from server.notifications.subscribe.models import Consent, MessageTemplate, SendState, SubscribeMessage
from server.notifications.subscribe.queries import count_unspent, find_template, list_phones, who_agreed
from server.review.submissions.models import Submission
from server.unions.people.models import WechatIdentity
from server.wechat.caller import tomorrow
from server.wechat.outcomes import Course, WechatRefused, WechatSilent

MOST_UNSPENT = 20  # per person and template; nobody needs more, and a script cannot fill the ledger
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
SEND_JOB = "subscribe.send_message"


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """What is to be sent."""

    openid: str
    template_id: str
    page: str
    values: Mapping[str, str]


def grant_consents(session: Session, person_id: UUID, results: Mapping[str, str], *, now: datetime) -> int:
    """Enter each “accept” for a template in use as one message's consent. Returns how many were entered."""
    accepted = [template_id for template_id, result in results.items() if result == "accept"]
    known = set(
        session.scalars(
            select(MessageTemplate.template_id).where(
                MessageTemplate.template_id.in_(accepted), MessageTemplate.is_active
            )
        )
    )
    unspent = count_unspent(session, person_id, known)
    entered = [template_id for template_id in accepted if unspent.get(template_id, MOST_UNSPENT) < MOST_UNSPENT]
    session.add_all(
        Consent(id=ids.new_id(), person_id=person_id, template_id=template_id, granted_at=now)
        for template_id in entered
    )
    session.flush()
    return len(entered)


def take_consent(session: Session, person_id: UUID, template_id: str, message_id: UUID, *, now: datetime) -> bool:
    """Use one consent up for a message. Two messages never get the same one, however many ask at once."""
    oldest = (
        select(Consent.id)
        .where(Consent.person_id == person_id, Consent.template_id == template_id, Consent.spent_at.is_(None))
        .order_by(Consent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = session.execute(
        update(Consent)
        .where(Consent.id == oldest, Consent.spent_at.is_(None))
        .values(spent_at=now, message_id=message_id)
        .returning(Consent.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return taken is not None


def prepare_message(
    session: Session, message_id: UUID, told: PersonalMessage, settings: Settings, *, now: datetime
) -> None:
    """Let what was put into an inbox go out by WeChat too, if there is a template; what keeps it from it is noted.

    To a reviewer it goes on the phone that signs in to the account and has consented, once.
    """
    notice = told.by_wechat
    template = find_template(session, Occasion(notice.occasion)) if notice is not None else None
    if notice is None or template is None or told.person_id is None:
        return
    is_desk = notice.occasion is Occasion.DESK
    phones = list_phones(session, told.person_id) if is_desk else [told.person_id]
    if not phones:
        return
    words = words_of(told, notice.outcome, _number_of(session, told), now)
    values = {field["key"]: fit(field["key"], render(field["text"], words)) for field in template.fields}
    message = SubscribeMessage(
        id=message_id,
        person_id=phones[0],
        about=notice.about,
        template_id=template.template_id,
        page=notice.page or render(template.page, {"编号": str(told.submission_id or "")}),
        values=values,
        state=SendState.WAITING,
        created_at=now,
    )
    session.add(message)
    session.flush()
    wrong = next((key for key, value in values.items() if problem(key, value)), None)
    if not settings.wechat_app_id:
        _fail(message, "not_configured")
    elif wrong is not None:
        _fail(message, f"field {wrong}")
    elif (phone := _take_any(session, phones, message, now)) is None:
        _fail(message, "no_consent")
    else:
        message.person_id = phone
        due = after_quiet(now, settings.quiet_from_hour, settings.quiet_until_hour)
        enqueue(session, SEND_JOB, run_at=due, message_id=message.id)
    session.flush()


def prepare_messages(
    session: Session, many: Mapping[UUID, PersonalMessage], settings: Settings, *, now: datetime
) -> None:
    """As `prepare_message`, of thousands who are told the same: only where a consent is left. That the others gave none
    is not noted for each of them."""
    people: dict[StrEnum, set[UUID]] = {}
    for told in many.values():
        if told.by_wechat is not None and told.person_id is not None:
            people.setdefault(told.by_wechat.occasion, set()).add(told.person_id)
    agreed = {occasion: who_agreed(session, Occasion(occasion), told_ones) for occasion, told_ones in people.items()}
    for message_id, told in many.items():
        if told.by_wechat is not None and told.person_id in agreed[told.by_wechat.occasion]:
            prepare_message(session, message_id, told, settings, now=now)


def _take_any(session: Session, phones: Sequence[UUID], message: SubscribeMessage, now: datetime) -> UUID | None:
    taken = (each for each in phones if take_consent(session, each, message.template_id, message.id, now=now))
    return next(taken, None)


def _number_of(session: Session, told: PersonalMessage) -> str | None:
    if told.submission_id is None:
        return None
    return session.scalar(select(Submission.number).where(Submission.id == told.submission_id))


def begin_sending(session: Session, message_id: UUID, settings: Settings, *, now: datetime) -> Letter | None:
    """Note that WeChat is about to be asked. None: there is nothing to send now."""
    message = session.get(SubscribeMessage, message_id, with_for_update=True)
    if message is None or message.state is not SendState.WAITING:
        return None
    later = after_quiet(now, settings.quiet_from_hour, settings.quiet_until_hour)
    if later > now:
        enqueue(session, SEND_JOB, run_at=later, message_id=message_id)
        return None
    if message.sending_at is not None:  # somebody died between asking WeChat and noting the answer
        _fail(message, "no_answer")
        return None
    openid = session.scalar(
        select(WechatIdentity.openid)
        .where(WechatIdentity.person_id == message.person_id, WechatIdentity.app_id == settings.wechat_app_id)
        .order_by(WechatIdentity.id.desc())
        .limit(1)
    )
    if openid is None:
        _give_back(session, message, "no_wechat")
        return None
    message.sending_at, message.attempts = now, message.attempts + 1
    return Letter(openid, message.template_id, message.page, message.values)


def finish_sending(
    session: Session, message_id: UUID, error: WechatRefused | WechatSilent | None, settings: Settings, *, now: datetime
) -> None:
    """Note what came of it: sent, tried again later, or failed; a consent that WeChat did not use is given back."""
    message = session.get_one(SubscribeMessage, message_id, with_for_update=True)
    message.sending_at = None
    if error is None:
        message.state, message.sent_at, message.reason = SendState.SENT, now, None
    elif isinstance(error, WechatSilent):
        if error.maybe_done:
            _fail(message, "no_answer")
        else:
            _try_again(session, message, "no_answer", now, settings)
    elif error.course in (Course.RETRY, Course.REFRESH):
        _try_again(session, message, f"errcode {error.errcode}", now, settings)
    elif error.course is Course.TOMORROW:
        _try_again(session, message, f"errcode {error.errcode}", tomorrow(now), settings)
    elif error.course is Course.ADMIN:
        _give_back(session, message, f"errcode {error.errcode}")
    else:
        _fail(message, f"errcode {error.errcode}")
        if error.errcode == 43101:  # WeChat's ledger says there are none left: ours must not promise more
            _void(session, message, now)


def _fail(message: SubscribeMessage, reason: str) -> None:
    message.state, message.reason = SendState.FAILED, reason


def _give_back(session: Session, message: SubscribeMessage, reason: str) -> None:
    _fail(message, reason)
    session.execute(
        update(Consent)
        .where(Consent.message_id == message.id)
        .values(spent_at=None, message_id=None)
        .execution_options(synchronize_session=False)
    )


def _try_again(session: Session, message: SubscribeMessage, reason: str, now: datetime, settings: Settings) -> None:
    if message.attempts > len(BACK_OFF):
        _give_back(session, message, reason)
        return
    message.reason = reason
    due = after_quiet(now + BACK_OFF[message.attempts - 1], settings.quiet_from_hour, settings.quiet_until_hour)
    enqueue(session, SEND_JOB, run_at=due, message_id=message.id)


def _void(session: Session, message: SubscribeMessage, now: datetime) -> None:
    session.execute(
        update(Consent)
        .where(
            Consent.person_id == message.person_id,
            Consent.template_id == message.template_id,
            Consent.spent_at.is_(None),
        )
        .values(spent_at=now)
        .execution_options(synchronize_session=False)
    )
