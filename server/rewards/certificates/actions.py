"""Writes of certificates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.db import upsert
from server.core.jobs.actions import enqueue
from server.notifications.inbox.actions import deliver
from server.rewards.certificates.messages import issued
from server.rewards.certificates.models import Certificate
from server.rewards.certificates.printing.addresses import verify_url
from server.rewards.certificates.printing.codes import new_code
from server.rewards.contests import find_contest
from server.unions.campaigns.queries import campaign_facts
from server.unions.people.models import Person
from server.unions.tree.models import Union


def issue_certificate(session: Session, contest_id: UUID, person_id: UUID, *, now: datetime) -> bool:
    """Certify that somebody finished a contest; once, however often it is called. Returns whether it was now.

    A contest that nobody knows is certified by nobody.
    """
    contest = find_contest(session, contest_id)
    if contest is None:
        return False
    person = session.get_one(Person, person_id)
    enterprise = session.get(Union, person.enterprise_id) if person.enterprise_id else None
    issuer = session.get_one(Union, campaign_facts(session, contest.campaign_id).city_id)
    values: dict[str, Any] = {
        "id": ids.new_id(),
        "code": new_code(),
        "contest_id": contest.id,
        "contest_name": contest.name,
        "person_id": person_id,
        "name": person.name or "",
        "enterprise_name": enterprise.name if enterprise else "",
        "issuer_name": issuer.name,
        "issued_at": now,
    }
    made = upsert(Certificate).values(values)
    added = made.on_conflict_do_nothing(index_elements=["contest_id", "person_id"])
    if session.scalar(added.returning(Certificate.id)) is None:
        return False
    record(
        session, "certificate.issue", subject_type="certificate", subject_id=values["id"], actor_id=None, at=now,
        detail={"contest_id": str(contest.id)},
    )  # fmt: skip
    enqueue(
        session, "certificates.draw_picture", certificate_id=values["id"], address=verify_url(session, values["code"])
    )
    deliver(session, issued(values["id"], person_id, contest), now=now)
    return True
