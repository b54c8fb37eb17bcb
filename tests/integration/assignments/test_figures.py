"""Figures in a form: counted by the service, quoted by words, frozen with what is sent."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from server.assignments.forms.ports import FIGURES, Wanted, figure_words
from server.core import clock, ids
from server.core.db import Database
from server.oversight.awards.models import (
    AwardBatch,
    AwardBudget,
    AwardEntry,
    AwardScheme,
    BatchStatus,
    EntryStatus,
    SchemeKind,
)
from server.oversight.letters.models import Letter, LetterKind, LetterStatus
from tests.integration.assignments.answering import Cast
from tests.support.callers import Desk
from tests.support.figures import count_figures
from tests.support.tasks import load_row, load_versions
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
FIGURED = {
    "sections": [
        {
            "key": "s1",
            "title": "成效",
            "fields": [
                {"key": "sent", "kind": "figure", "label": "隐患上报数", "figure": "submitted"},
                {"key": "rate", "kind": "figure", "label": "答复及时率", "figure": "answer_rate"},
                {"key": "times", "kind": "figure", "label": "答题人次", "figure": "quiz_attempts"},
                {"key": "people", "kind": "figure", "label": "答题人数", "figure": "quiz_people"},
                {"key": "words", "kind": "prose", "label": "主要成效", "required": True},
            ],
        }
    ]
}


def test_a_figure_is_counted_for_the_unit_and_frozen_when_it_is_sent(cast: Cast, database: Database) -> None:
    yard, worker = cast.world.unions.shipyard, cast.phone_of(cast.world.people.worker)
    task = cast.ask(form=FIGURED)
    unit = cast.unit(task)
    worker.report(enterprise_id=yard)
    count_figures(database)
    page = unit.page
    assert re.search(r"<output[^>]*>1</output>", page)
    assert "本期上报、照片已收齐的隐患" in page
    assert "统计期：全部时间；截至 " in page
    assert 'name="sent"' not in page
    assert unit.fill("submit", words="上报 {{隐患上报数}} 件。").status == 303
    worker.report(enterprise_id=yard)
    count_figures(database)
    [sent] = load_versions(database, task)
    assert (sent.answers["sent"]["value"], sent.answers["rate"]["parts"]) == (1, [0, 0])
    assert (sent.answers["times"]["text"], sent.answers["people"]["text"]) == ("0", "0")
    checked = cast.town(task).desk.get(f"/console/tasks/{task}/check").ok().text
    assert "上报 1 件。" in checked
    assert f"union={yard}" in checked  # down to the rows


def test_words_that_quote_an_unknown_figure_are_refused_with_those_that_there_are(cast: Cast) -> None:
    unit = cast.unit(cast.ask(form=FIGURED))
    assert unit.fill(words="上报 {{上报数}} 件。").status == 303
    refused = unit.fill("submit", words="上报 {{上报数}} 件。")
    assert refused.status == 422
    assert "没有“上报数”这个数字，可以引用：隐患上报数、答复及时率" in refused.text
    assert "上报 {{上报数}} 件。" in refused.text


def test_nobody_says_a_figure_themselves(cast: Cast, database: Database) -> None:
    task, phone = cast.ask(form=FIGURED), cast.linked_phone()
    shown = phone.get(f"/api/v1/tasks/{task}").ok().json
    assert shown["figures"]["sent"]["text"] == "0"
    assert "统计期：全部时间" in shown["figures"]["sent"]["about"]
    claimed = {"version": 0, "answers": {"sent": 99, "words": "好"}}
    assert phone.put(f"/api/v1/tasks/{task}/response", claimed).ok().json["errors"] == {
        "sent": "这个数字由系统统计，不用填"
    }
    refused = phone.post(f"/api/v1/tasks/{task}/submissions", {**claimed, "version": 1, "key": str(ids.new_id())})
    assert refused.status == 422
    posted = cast.unit(task).fill("submit", words="好", sent="99")
    assert posted.status == 303
    assert load_versions(database, task)[0].answers["sent"]["value"] == 0
    assert load_row(database, task).status == "submitted"


def test_letters_and_awards_of_the_days_are_counted_for_the_unit_and_all_below_it(
    database: Database, world: World, desk_of: Callable[[Someone | None], Desk]
) -> None:
    """The list behind shows as many letters, also to who may see those of others."""
    now, unions = clock.now(), world.unions
    with database.transaction() as session:
        for number, (issuer, kind, status) in enumerate(
            (
                (unions.seaside, LetterKind.NOTICE, LetterStatus.ISSUED),
                (unions.seaside, LetterKind.PROPOSAL, LetterStatus.REPLIED),
                (unions.north, LetterKind.NOTICE, LetterStatus.ISSUED),
                (unions.seaside, LetterKind.NOTICE, LetterStatus.WITHDRAWN),
            ),
            1,
        ):
            _letter(session, world, issuer, kind, status, number, now)
        _letter(session, world, unions.seaside, LetterKind.OPINION, LetterStatus.ISSUED, 5, now - timedelta(days=40))
        _award(session, world, now)
    keys = [each.key for each in figure_words() if each.key.startswith(("letters_", "awards_"))]
    [book] = FIGURES.answers
    since = clock.day_of(now)

    def draw(union_id: UUID) -> dict[str, float | None]:
        with database.reading() as session:
            drawn = book.draw(session, Wanted(union_id, None, since, since), keys, now)
            return {key: each.value for key, each in drawn.items()}

    assert draw(unions.south) == {
        "letters_issued": 2, "letters_notice": 1, "letters_opinion": 0, "letters_proposal": 1, "letters_replied": 1,
        "awards_places": 2, "awards_yuan": 600,
    }  # fmt: skip
    city, north = draw(unions.city), draw(unions.north)
    assert (city["letters_issued"], north["letters_issued"], north["awards_places"]) == (3, 1, 0)
    city_desk, names = desk_of(world.people.city_reviewer), ("letters_issued", "letters_notice", "letters_replied")
    with database.reading() as session:
        drawn = book.draw(session, Wanted(unions.south, None, since, since), names, now)
    lists = [city_desk.get(drawn[name].href or "").ok().text for name in names]
    assert [page.count("data-row") for page in lists] == [2, 1, 1]
    assert "由谁发出" in lists[0]
    assert desk_of(world.people.other_district_reviewer).get(drawn["letters_issued"].href or "").status == 404
    for path in ("letters?issuer=", "awards?union="):
        assert city_desk.get(f"/console/{path}{unions.team}").status == 404  # a team sends none


def _letter(
    session: Session, world: World, issuer: UUID, kind: LetterKind, status: LetterStatus, number: int, at: datetime
) -> None:
    unions, by = world.unions, world.people.town_reviewer.id
    reply: dict[str, Any] = {"reply": "已改", "replied_on": clock.day_of(at), "is_paper": False}
    session.add(
        Letter(
            id=ids.new_id(), kind=kind, status=status, version=1, issuer_id=issuer, issuer_name="工会",
            addressee_id=unions.shipyard, addressee_name="船厂", mark="工", year=2026, number=number, subject="函",
            body="", reply_days=5, drafted_by_id=by, issued_by_id=by, issued_at=at, due_at=at, due_on=clock.day_of(at),
            withdrawn_at=at if status is LetterStatus.WITHDRAWN else None, created_at=at, updated_at=at,
            city_id=unions.city, district_id=unions.south, town_id=unions.seaside, enterprise_id=unions.shipyard,
            **(reply if status is LetterStatus.REPLIED else {}),
        )
    )  # fmt: skip


def _award(session: Session, world: World, now: datetime) -> None:
    """A final batch of the district with two places and one that was removed; and one that is not final yet."""
    union_id, by, today = world.unions.south, world.people.district_reviewer.id, clock.day_of(now)
    budget = AwardBudget(
        id=ids.new_id(), union_id=union_id, name="奖", amount_cents=10**7, created_by_id=by, created_at=now
    )  # fmt: skip
    scheme = AwardScheme(
        id=ids.new_id(), union_id=union_id, budget_id=budget.id, campaign_id=world.campaign_id, name="奖",
        kind=SchemeKind.UNIT, grades=[], quota=10, batches=2, amount_cents=30_000, joint_share=False,
        exclude_duty=False, nomination_quota=1, starts_on=today, ends_on=today, objection_days=5, created_by_id=by,
        created_at=now,
    )  # fmt: skip
    session.add(budget)
    session.flush()
    session.add(scheme)
    session.flush()
    for number, status in enumerate((BatchStatus.FINAL, BatchStatus.PUBLISHED), 1):
        batch = AwardBatch(
            id=ids.new_id(), scheme_id=scheme.id, union_id=union_id, number=number, name=f"第{number}批", quota=5,
            status=status, facts={}, facts_hash="0" * 64, computed_at=now, published_at=now, objections_until=now,
            final_at=now if status is BatchStatus.FINAL else None, created_at=now,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        for place, entry in enumerate((EntryStatus.LISTED, EntryStatus.LISTED, EntryStatus.REMOVED), 1):
            session.add(
                AwardEntry(
                    id=ids.new_id(), batch_id=batch.id, status=entry, place=place, union_id=world.unions.shipyard,
                    amount_cents=30_000, reason="", merit="",
                )
            )  # fmt: skip
