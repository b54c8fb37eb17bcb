"""Reads of templates, consents and what became of messages."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.kit.occasions import Occasion
from server.notifications.subscribe.models import Consent, MessageTemplate, SubscribeMessage
from server.unions.people.models import WechatIdentity
from server.unions.scans.models import LinkedPhone

DAYS = 7  # that the page of templates looks back


def list_templates(session: Session) -> dict[Occasion, MessageTemplate]:
    """Every template, by its occasion."""
    return {template.occasion: template for template in session.scalars(select(MessageTemplate))}


def find_template(session: Session, occasion: Occasion) -> MessageTemplate | None:
    """The template in use for an occasion."""
    statement = select(MessageTemplate).where(MessageTemplate.occasion == occasion, MessageTemplate.is_active)
    return session.scalar(statement)


def list_phones(session: Session, person_id: UUID) -> Sequence[UUID]:
    """Whom WeChat may tell what an account is told: its person, and the phones that sign in to it, as far as they
    signed in from WeChat."""
    linked = select(LinkedPhone.person_id).where(LinkedPhone.account_id == person_id)
    known = select(WechatIdentity.person_id).where(
        or_(WechatIdentity.person_id == person_id, WechatIdentity.person_id.in_(linked))
    )
    return session.scalars(known.distinct().order_by(WechatIdentity.person_id)).all()


def who_agreed(session: Session, occasion: Occasion, people: Collection[UUID]) -> set[UUID]:
    """Those of these people of whom a consent is left, their own or that of a phone which signs in to their account."""
    template = find_template(session, occasion)
    if template is None:
        return set()
    left = Consent.template_id == template.template_id, Consent.spent_at.is_(None)
    own = select(Consent.person_id).where(*left, Consent.person_id.in_(people))
    linked = (
        select(LinkedPhone.account_id)
        .join(Consent, Consent.person_id == LinkedPhone.person_id)
        .where(*left, LinkedPhone.account_id.in_(people))
    )
    return {*session.scalars(own), *session.scalars(linked)}


def list_template_ids(session: Session, occasions: Sequence[Occasion]) -> list[str]:
    """WeChat's ids of the templates in use for these occasions, in their order."""
    rows = session.execute(
        select(MessageTemplate.occasion, MessageTemplate.template_id).where(
            MessageTemplate.occasion.in_(occasions), MessageTemplate.is_active
        )
    )
    known = {row.occasion: row.template_id for row in rows}
    return [known[occasion] for occasion in occasions if occasion in known]


def count_unspent(session: Session, person_id: UUID, template_ids: Collection[str]) -> dict[str, int]:
    """How many messages a person may still be sent, by template."""
    rows = session.execute(
        select(Consent.template_id, func.count().label("number"))
        .where(Consent.person_id == person_id, Consent.template_id.in_(template_ids), Consent.spent_at.is_(None))
        .group_by(Consent.template_id)
    )
    return dict.fromkeys(template_ids, 0) | {row.template_id: row.number for row in rows}


def count_outcomes(session: Session, now: datetime) -> list[tuple[str, str | None, int]]:
    """(state, reason, number) of the messages of the last days, the most frequent first."""
    rows = session.execute(
        select(SubscribeMessage.state, SubscribeMessage.reason, func.count().label("number"))
        .where(SubscribeMessage.created_at > now - timedelta(days=DAYS))
        .group_by(SubscribeMessage.state, SubscribeMessage.reason)
        .order_by(func.count().desc())
    )
    return [(row.state.value, row.reason, row.number) for row in rows]
