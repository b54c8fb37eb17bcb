"""Unions that began with ready replies for decisions get those for rechecks; nothing is doubled or brought back."""

from sqlalchemy import select

from server.review.decisions.models import ReplyTemplate
from server.review.rectification.texts import REPLY_STARTS
from tests.migrations.climbing import NEWEST, NOW, Old, Story, before, story

UNION = {"is_high_risk": False, "is_chemical": False, "is_active": True, "version": 1, "short_name": ""}


@story
def rechecks_get_their_first_replies_where_decisions_have_them(old: Old) -> Story:
    old = yield before("give_starter_replies_for_rechecks")
    times = {"created_at": NOW, "updated_at": NOW}
    seeded, choosy, own = (
        old.insert("unions", level="city", name=name, **UNION, **times) for name in ("甲工会", "乙工会", "丙工会")
    )

    def add(union: object, move: str, title: str, *, is_active: bool = True) -> None:
        reply = {"union_id": union, "move": move, "title": title, "text": "话", "is_active": is_active}
        old.insert("reply_templates", **reply, updated_at=NOW)

    add(seeded, "accept", "受理并通知企业")
    add(choosy, "return", "问清地点", is_active=False)
    add(choosy, "close", "我们自己写的")
    add(choosy, "send_back", "照片看不清", is_active=False)
    add(own, "accept", "丙工会自己的")
    database = yield NEWEST
    with database.reading() as session:
        rows = session.scalars(select(ReplyTemplate)).all()
    first = {(str(move), title) for move, replies in REPLY_STARTS.items() for title, _ in replies}

    def of(union: object) -> set[tuple[str, str]]:
        return {(row.move, row.title) for row in rows if row.union_id == union}

    assert of(seeded) == {("accept", "受理并通知企业"), *first}
    kept = {(move, title) for move, title in first if move not in ("close", "send_back")}
    assert of(choosy) == {("return", "问清地点"), ("close", "我们自己写的"), ("send_back", "照片看不清"), *kept}
    assert of(own) == {("accept", "丙工会自己的")}
    assert [row.is_active for row in rows if row.move == "send_back" and row.union_id == choosy] == [False]
