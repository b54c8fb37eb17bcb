"""What tests of the chat look at: the link in an answer, rows by the table."""

import re
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select

from server.core import clock
from server.core.db import Database
from server.unions.people.models import WechatUnion
from tests.support.callers import Phone
from tests.support.world import Someone

PhoneOf = Callable[[Someone | None], Phone]
LINK = re.compile(r'pages/hazard/draft\?d=([0-9a-f-]{36})\.([A-Za-z0-9_-]+)"')
PLACE = {"latitude": "36.0671", "longitude": "120.3826", "label": "市南区某路 1 号"}


def link_in(texts: list[str]) -> tuple[UUID, str]:
    """Draft and key of the newest link."""
    found = LINK.findall("\n".join(texts))
    assert found, texts
    return UUID(found[-1][0]), found[-1][1]


def know(database: Database, person_id: UUID, unionid: str) -> None:
    """Let the mini program know a person by `unionid`."""
    with database.transaction() as session:
        session.add(WechatUnion(unionid=unionid, person_id=person_id, created_at=clock.now()))


def counted(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
