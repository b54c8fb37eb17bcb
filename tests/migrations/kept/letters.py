"""What letters said when they were issued, their numbers and their PDFs are documents since."""

import json

from sqlalchemy import select

from server.core import ids
from server.core.jobs.models import Job
from server.kit.documents.models import Document, DocumentSeries, PdfState
from server.oversight.letters.models import Letter
from tests.migrations.climbing import NEWEST, NOW, Filled, Old, Story, story


@story
def issued_letters_keep_their_words_hash_number_and_pdf(old: Old) -> Story:
    filled = Filled(old)
    old = yield "0040"
    city, person = filled.city, filled.person
    draft = {
        "kind": "opinion", "version": 1, "issuer_id": city, "issuer_name": "市总工会", "addressee_id": city,
        "addressee_name": "船厂", "city_id": city, "mark": "青工", "subject": "意见", "body": "一、配电箱敞开。",
        "reply_days": 10, "drafted_by_id": person, "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    issued = {
        "status": "issued", "year": 2026, "issued_at": NOW, "due_at": NOW, "due_on": NOW.date(),
        "issued_by_id": person,
    }  # fmt: skip
    old.insert("letters", **draft, status="draft")
    ready, waiting = (
        old.insert("letters", **draft, **issued, number=number, content_hash=str(number) * 64, pdf_state=state)
        for number, state in ((1, "ready"), (2, "waiting"))
    )
    old.insert("letter_counters", issuer_id=city, kind="opinion", year=2026, last=2)
    job = {"name": "letters.make_pdf", "args": {"letter_id": str(waiting)}, "state": "ready", "attempts": 0}
    old.insert("jobs", **job, run_at=NOW, created_at=NOW, updated_at=NOW)
    database = yield NEWEST
    with database.reading() as session:
        found = {each.owner_id: each for each in session.scalars(select(Document))}
        series = session.scalars(select(DocumentSeries)).one()
        moved = session.scalars(select(Job).where(Job.name == "documents.make_pdf")).one()
    assert set(found) == {ready, waiting}
    kept = found[ready]
    assert (kept.number, kept.content_hash, kept.pdf_state) == ("青工意〔2026〕1号", "1" * 64, PdfState.READY)
    assert (kept.pdf_key, json.loads(kept.words)["body"]) == (f"letters/{ready}.pdf", "一、配电箱敞开。")
    assert (series.series, series.year, series.last) == ("letter.opinion", 2026, 2)
    assert moved.args == {"document_id": str(found[waiting].id)}


@story
def letters_that_an_enterprise_left_behind_when_it_moved_lie_where_it_lies(old: Old) -> Story:
    filled = Filled(old)
    fixed = {
        "short_name": "", "is_high_risk": False, "is_chemical": False, "is_active": True, "version": 1,
        "created_at": NOW, "updated_at": NOW, "city_id": filled.city,
    }  # fmt: skip
    left, joined = (
        old.insert("unions", level="district", name=name, parent_id=filled.city, **fixed) for name in ("甲区", "乙区")
    )
    works = ids.new_id()
    old.insert(
        "unions", id=works, level="enterprise", name="船厂", parent_id=joined, district_id=joined, enterprise_id=works,
        **fixed,
    )  # fmt: skip
    old = yield "0112"
    letter = old.insert(
        "letters", kind="opinion", version=1, issuer_id=left, issuer_name="甲区总工会", addressee_id=works,
        addressee_name="船厂", city_id=filled.city, district_id=left, enterprise_id=works, mark="甲工", subject="意见",
        body="一、配电箱敞开。", reply_days=10, drafted_by_id=filled.person, created_at=NOW, updated_at=NOW,
        status="draft",
    )  # fmt: skip
    database = yield NEWEST
    with database.reading() as session:
        found = session.get_one(Letter, letter)
        assert (found.city_id, found.district_id, found.enterprise_id) == (filled.city, joined, works)
