"""Rectifications of before know the day on which their hazard was sent, as Shanghai counts."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from server.core.db import Database
from server.migrations import run as migrations
from server.review.rectification.models import Rectification
from tests.migrations.test_data_kept import NOW, Old, before, fill, upgrade_to
from tests.migrations.test_data_kept import database as database

LATE = datetime(2026, 11, 19, 15, 59, 59, 999999, tzinfo=UTC)  # just before midnight in Shanghai
EARLY = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # the day after there, not by UTC


def test_rectifications_are_given_the_day_their_hazard_was_sent(database: Database) -> None:
    with database.engine.begin() as connection:
        fill(Old(connection))
    upgrade_to(database, before("copy_the_day_of_sending"))
    with database.engine.begin() as connection:
        old = Old(connection)
        hazard = dict(connection.execute(select(old.table("submissions"))).mappings().one())
        same = {name: hazard[name] for name in hazard if name not in ("id", "created_at", "number")}
        for number, sent_at in enumerate((LATE, EARLY), 1):
            submission = old.insert("submissions", **same, number=f"2026-00000{number}Z", created_at=sent_at)
            city = hazard["city_id"]
            old.insert(
                "rectifications", submission_id=submission, campaign_id=hazard["campaign_id"], status="open", version=1,
                category="fire", grade=3, excerpt=str(number), place="", city_id=city, addressee_id=city,
                issuer_id=city, measures="", responsible="", due_at=NOW, first_due_at=NOW, opened_at=NOW, reopenings=0,
                updated_at=NOW,
            )  # fmt: skip
    migrations.upgrade(database)
    with database.reading() as session:
        days = {row.excerpt: row.sent_on for row in session.scalars(select(Rectification))}
    assert days == {"1": date(2026, 11, 19), "2": date(2026, 11, 20)}
