"""Who had joined in by a tap, before only own reports made joint reporters."""

from sqlalchemy import select

from server.core.db import Database
from server.migrations import run as migrations
from server.review.followers.models import Follow
from tests.migrations.test_data_kept import NOW, Old, fill, upgrade_to
from tests.migrations.test_data_kept import database as database


def test_taps_go_on_following_and_own_reports_wait_for_the_nod(database: Database) -> None:
    with database.engine.begin() as connection:
        fill(Old(connection))
    upgrade_to(database, "0034-1")
    with database.engine.begin() as connection:
        old = Old(connection)
        target = dict(connection.execute(select(old.table("submissions"))).mappings().one())
        made = {"is_active": True, "version": 1, "created_at": NOW, "updated_at": NOW, "phone_source": "typed"}
        sender, tapper = (old.insert("people", name=name, **made) for name in ("钱工", "孙工"))
        same = {
            name: target[name] for name in target if name not in ("id", "reporter_id", "status", "grade", "decided_at")
        }
        merged = old.insert(
            "submissions",
            **same | {"reporter_id": sender, "status": "duplicate", "decided_at": NOW, "duplicate_of_id": target["id"]},
        )
        joint = {"is_joint": True, "joined_at": NOW, "followed_at": NOW, "submission_id": target["id"]}
        own_report = old.insert("submission_follows", **joint, person_id=sender, merged_id=merged)
        taps = {
            old.insert("submission_follows", **joint, person_id=person, merged_id=through)
            for person, through in ((sender, None), (tapper, None), (tapper, merged))
        }
    migrations.upgrade(database)
    with database.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Follow))}
    assert set(rows) == {own_report, *taps}
    assert {key for key, row in rows.items() if row.is_joint} == {own_report}
    assert rows[own_report].confirmed_at is None
