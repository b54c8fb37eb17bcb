"""Rows of before carry what they copy from others: rectifications the day on which their hazard was sent, as Shanghai
counts; people and points their town."""

from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select

from server.review.rectification.models import Rectification
from server.rewards.points.models import PointsTransfer
from server.unions.people.models import Person
from tests.migrations.climbing import NEWEST, NOW, Filled, Old, Story, before, story

LATE = datetime(2026, 11, 19, 15, 59, 59, 999999, tzinfo=UTC)  # just before midnight in Shanghai
EARLY = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # the day after there, not by UTC


def add_towns(old: Old, filled: Filled) -> tuple[UUID, UUID, UUID]:
    """An enterprise in a town, where the hazard lies; somebody bound to it and somebody bound nowhere; points. Returns
    the town and the two people."""
    times = {"created_at": NOW, "updated_at": NOW}
    city, hazard = old.row("unions", filled.city), old.row("submissions", filled.hazard)
    same = {name: city[name] for name in city if name not in ("id", "level", "parent_id", "town_id")}
    town = old.insert("unions", **same, level="town", parent_id=filled.city)
    works = old.insert("unions", **same, level="enterprise", parent_id=town, town_id=town)
    bound, free = (
        old.insert("people", is_active=True, version=1, enterprise_id=unit, **times) for unit in (works, None)
    )
    person, campaign = hazard["reporter_id"], hazard["campaign_id"]
    sent = {name: hazard[name] for name in hazard if name not in ("id", "number", "town_id")}
    submission = old.insert("submissions", **sent, number="2026-000009Z", town_id=town)
    old.insert(
        "points_transfers", source="s", round=1, from_account_id=old.insert("points_accounts", kind="issue",
        campaign_id=campaign), to_account_id=old.insert("points_accounts", kind="person", person_id=person), amount=5,
        reason="", campaign_id=campaign, person_id=person, submission_id=submission, at=NOW,
    )  # fmt: skip
    return town, bound, free


@story
def rows_of_before_are_given_what_they_copy(old: Old) -> Story:
    filled = Filled(old)
    old = yield before("copy_the_day_of_sending")
    hazard = old.row("submissions", filled.hazard)
    same = {name: hazard[name] for name in hazard if name not in ("id", "created_at", "number")}
    for number, sent_at in enumerate((LATE, EARLY), 1):
        submission = old.insert("submissions", **same, number=f"2026-00000{number}Z", created_at=sent_at)
        old.insert(
            "rectifications", submission_id=submission, campaign_id=hazard["campaign_id"], status="open", version=1,
            category="fire", grade=3, excerpt=str(number), place="", city_id=filled.city, addressee_id=filled.city,
            issuer_id=filled.city, measures="", responsible="", due_at=NOW, first_due_at=NOW, opened_at=NOW,
            reopenings=0, updated_at=NOW,
        )  # fmt: skip
    town, bound, free = add_towns(old, filled)
    database = yield NEWEST
    with database.reading() as session:
        mine = select(Rectification).where(Rectification.city_id == filled.city)
        days = {row.excerpt: row.sent_on for row in session.scalars(mine)}
        assert days == {"1": date(2026, 11, 19), "2": date(2026, 11, 20)}
        towns = dict(session.execute(select(Person.id, Person.town_id).where(Person.id.in_((bound, free)))).all())
        assert towns == {bound: town, free: None}
        assert session.scalars(select(PointsTransfer.town_id)).all() == [town]
