"""Everything that is kept about a person: whatever table names them, and what hangs on what they sent.

Tables are found by their references, so that a new slice cannot be forgotten.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, inspect, select
from sqlalchemy.orm import Session

from server.core.db import Base
from server.photos.models import Photo
from server.review.submissions.models import Submission

TITLES = {
    "people": "个人资料",
    "wechat_identities": "微信登录",
    "auth_sessions": "登录记录",
    "phone_identities": "核实过的手机号",
    "linked_phones": "扫码登录的绑定",
    "submissions": "提交的隐患和建议",
    "hazards": "隐患内容",
    "suggestions": "建议内容",
    "answers": "补充说明",
    "photos": "照片",
    "inbox_messages": "消息",
    "points_accounts": "积分",
    "points_transfers": "积分明细",
    "quiz_attempts": "答题",
    "quiz_standings": "答题成绩",
    "certificates": "证书",
    "award_entries": "奖励",
    "prize_wins": "奖品",
    "submission_follows": "关注和共同上报",
    "suggestion_supports": "支持的建议",
    "suggestion_co_authors": "共同建议",
    "subscribe_consents": "订阅消息的允许",
    "subscribe_messages": "微信订阅消息",
    "award_objections": "提出的异议",
    "rectification_evidence": "对整改的反馈",
    "quiz_bests": "各关最好成绩",
    "quiz_practice_cards": "错题练习",
}
OWNERS = ("person_id", "reporter_id", "owner_id")
OF_SUBMISSIONS = ("hazards", "suggestions", "answers")
SECRET = frozenset(
    {"token_hash", "password_hash", "totp_secret", "salt", "hash", "content_hash", "device", "sketches", "trace_id"}
)
OF_OTHERS = re.compile(r"(_by_id|^actor_id|_hash)$")  # who handled it is their business
FOR_UNIONS = frozenset({("award_entries", "reason")})
NOT_TOLD = frozenset(
    {
        "photos", "data_exports", "erasures", "accounts", "import_drafts", "quiz_question_imports", "scans",
        "oauth_visits",
    }
)  # fmt: skip

Row = dict[str, Any]


def tables_of_people() -> list[tuple[Table, Column[Any]]]:
    """Every table with rows of a person's own, and the column that says whose."""
    return [
        (table, table.c[name])
        for table in Base.metadata.sorted_tables
        for name in OWNERS
        if name in table.c and any(key.column.table.name == "people" for key in table.c[name].foreign_keys)
    ]


def gather(session: Session, person_id: UUID) -> dict[str, list[Row]]:
    """All of it by table, as plain values."""
    people = Base.metadata.tables["people"]
    found = {TITLES["people"]: _rows(session, people, people.c.id == person_id)}
    for table, column in tables_of_people():
        if table.name not in NOT_TOLD:
            found[TITLES.get(table.name, table.name)] = _rows(session, table, column == person_id)
    mine = select(Submission.id).where(Submission.reporter_id == person_id)
    for name in OF_SUBMISSIONS:
        table = Base.metadata.tables[name]
        found[TITLES[name]] = _rows(session, table, table.c.submission_id.in_(mine))
    found[TITLES["photos"]] = [
        {**_plain(photo), "device": photo.device, "file": photo_name(photo)} for photo in photos_of(session, person_id)
    ]
    return {title: rows for title, rows in found.items() if rows}


def photos_of(session: Session, person_id: UUID) -> Iterator[Photo]:
    """Every photo of the person's."""
    yield from session.scalars(select(Photo).where(Photo.owner_id == person_id).order_by(Photo.id))


def photo_name(photo: Photo) -> str:
    """Its name in the archive."""
    return f"照片/{photo.submission_id}/{photo.position + 1}.jpg"


def _rows(session: Session, table: Table, condition: Any) -> list[Row]:
    columns = [
        column
        for column in table.c
        if column.name not in SECRET
        and not OF_OTHERS.search(column.name)
        and (table.name, column.name) not in FOR_UNIONS
    ]
    order = list(table.primary_key.columns)
    rows = session.execute(select(*columns).where(condition).order_by(*order))
    return [{key: _value(value) for key, value in row._mapping.items()} for row in rows]


def _plain(photo: Photo) -> Row:
    names = [column.key for column in inspect(Photo).columns]
    return {name: _value(getattr(photo, name)) for name in names if name not in SECRET and name != "object_id"}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
