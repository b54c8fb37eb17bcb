"""What people complained about is theirs still under the table's new name."""

from sqlalchemy import select

from server.publicity.complaints.models import Complainant, Reason
from tests.migrations.climbing import NEWEST, NOW, Filled, Old, Story, story


@story
def who_complained_and_why_is_kept(old: Old) -> Story:
    filled = Filled(old)
    old = yield "0135"
    complaint = old.insert(
        "complaints", subject="story", subject_id=filled.city, union_id=filled.city, status="open", version=1,
        made_on=NOW.date(), answer="", city_id=filled.city,
    )  # fmt: skip
    by = filled.person
    complainant = old.insert(
        "complaint_voices", complaint_id=complaint, person_id=by, reason="wrong", words="不是。", made_on=NOW.date()
    )
    database = yield NEWEST
    with database.reading() as session:
        kept = session.scalars(select(Complainant).where(Complainant.complaint_id == complaint)).one()
    assert (kept.id, kept.person_id, kept.reason, kept.words) == (complainant, by, Reason.WRONG, "不是。")
