"""Who had joined in by a tap, before only own reports made joint reporters."""

from sqlalchemy import select

from server.review.followers.models import Follow
from tests.migrations.climbing import NEWEST, NOW, Filled, Old, Story, story


@story
def taps_go_on_following_and_own_reports_wait_for_the_nod(old: Old) -> Story:
    hazard = Filled(old).hazard
    old = yield "0034-1"
    target = old.row("submissions", hazard)
    made = {"is_active": True, "version": 1, "created_at": NOW, "updated_at": NOW, "phone_source": "typed"}
    sender, tapper = (old.insert("people", name=name, **made) for name in ("钱工", "孙工"))
    same = {name: target[name] for name in target if name not in ("id", "reporter_id", "status", "grade", "decided_at")}
    merged = old.insert(
        "submissions",
        **same | {"reporter_id": sender, "status": "duplicate", "decided_at": NOW, "duplicate_of_id": hazard},
    )
    joint = {"is_joint": True, "joined_at": NOW, "followed_at": NOW, "submission_id": hazard}
    own_report = old.insert("submission_follows", **joint, person_id=sender, merged_id=merged)
    taps = {
        old.insert("submission_follows", **joint, person_id=person, merged_id=through)
        for person, through in ((sender, None), (tapper, None), (tapper, merged))
    }
    database = yield NEWEST
    with database.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Follow).where(Follow.submission_id == hazard))}
    assert set(rows) == {own_report, *taps}
    assert {key for key, row in rows.items() if row.is_joint} == {own_report}
    assert rows[own_report].confirmed_at is None
