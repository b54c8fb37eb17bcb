"""What somebody passed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.panels import LINES, Line, Panel, PersonPanel
from server.rewards.certificates.models import Certificate
from server.unions.actor import Actor
from server.unions.people.models import Person


def _of_person(session: Session, _actor: Actor, person: Person, _now: datetime) -> Panel:
    issued = session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person.id)
        .order_by(Certificate.issued_at.desc(), Certificate.id)
        .limit(LINES)
    ).all()
    return Panel(
        lines=[Line(each.contest_name, note=f"证书编号 {each.code}", at=each.issued_at) for each in issued],
        nothing="还没有证书。",
    )


PERSON_PANEL = PersonPanel(title="知识闯关证书", position=50, permission="person.read", read=_of_person)
