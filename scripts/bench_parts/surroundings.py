"""What stands around a million submissions: what was accepted being put right, texts to search, a million people."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, text
from sqlalchemy.orm import Session

from bench_parts.city import City
from bench_parts.furniture import furnish
from bench_parts.seeding import Row, load, take_stock
from bench_parts.sizes import Size
from server.activities.hazards.models import Datum, Hazard
from server.core import ids
from server.core.clock import day_of
from server.core.db import Database
from server.core.text import search_key
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.search import rules as tokens
from server.review.search.models import SubmissionText
from server.review.submissions.models import ARRIVED, Kind, Status, Submission
from server.unions.campaigns.queries import campaign_facts
from server.unions.people.models import Person, PhoneSource
from server.unions.people.triggers import FILL
from server.unions.roles import Level

IS_HAZARD = Submission.kind == Kind.HAZARD
RUNNING = 0.1  # of what was accepted
ANSWERED = timedelta(days=10)
ANCESTORS = ("city_id", "district_id", "town_id", "enterprise_id")
FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉梅文辉建国"


def surround(database: Database, city: City, size: Size, now: datetime) -> None:
    """Write a rectification for each accepted submission, the text of each, and as many people."""
    count = size.submissions
    chance = random.Random(count)
    with database.reading() as session:
        accepted = _submissions(session, IS_HAZARD, Submission.status == Status.ACCEPTED)
        load(database, cast(Table, Rectification.__table__), (_rectification(row, chance) for row in accepted))
    with database.reading() as session:
        words = campaign_facts(session, city.campaign_id)
        arrived = _submissions(session, IS_HAZARD, ARRIVED)
        load(database, cast(Table, Hazard.__table__), map(_hazard, arrived))
        arrived = _submissions(session, ARRIVED)
        is_sqlite = database.settings.is_sqlite
        texts = (
            {"id": number, **_text(row, words.category_name(row["category"]), is_sqlite=is_sqlite)}
            for number, row in enumerate(arrived, 1)
        )
        load(database, cast(Table, SubmissionText.__table__), texts)
    load(database, cast(Table, Person.__table__), _people(city, count, chance, now))
    name_everybody(database)
    furnish(database, city, size, now)
    take_stock(database)


def name_everybody(database: Database) -> None:
    """Make the parts of names that a search looks up: rows are written past PostgreSQL's triggers."""
    if not database.settings.is_sqlite:
        with database.transaction() as session:
            session.execute(text("TRUNCATE person_name_grams"))
            session.execute(text(FILL["postgresql"]))


def _submissions(session: Session, *conditions: Any) -> Iterator[Mapping[str, Any]]:
    rows = session.execute(select(Submission.__table__).where(*conditions).order_by(Submission.id))
    return (dict(row) for row in rows.yield_per(10_000).mappings())


def _rectification(row: Mapping[str, Any], chance: random.Random) -> Row:
    is_running = chance.random() < RUNNING
    opened = row["decided_at"]
    return {
        **{column: row[column] for column in ANCESTORS},
        "id": ids.new_id(),
        "submission_id": row["id"],
        "campaign_id": row["campaign_id"],
        "status": RectifyStatus.ACCEPTED if is_running else RectifyStatus.VOIDED,
        "version": 3,
        "category": row["category"],
        "grade": row["grade"],
        "excerpt": row["excerpt"],
        "place": row["place"],
        "sent_on": day_of(row["created_at"]),
        "addressee_id": row["routed_union_id"],
        "issuer_id": row["city_id"],
        "measures": "",
        "responsible": "",
        "due_at": opened + ANSWERED,
        "first_due_at": opened + ANSWERED,
        "opened_at": opened,
        "reopenings": 0,
        "updated_at": opened,
    }


def _hazard(row: Mapping[str, Any]) -> Row:
    """Somewhere in the city, so that a map has something to gather."""
    latitude, longitude = 35.9 + row["id"].int % 997 / 2000, 120.0 + row["id"].int % 1009 / 1600
    return {
        "submission_id": row["id"],
        "description": row["excerpt"],
        "latitude": latitude,
        "longitude": longitude,
        "datum": Datum.GCJ02,
        "accuracy": 20.0,
    }


def _text(row: Mapping[str, Any], category: str, *, is_sqlite: bool) -> Row:
    found = tokens.tokens_of([row["excerpt"], row["place"], category])
    document = tokens.sqlite_document(found) if is_sqlite else tokens.postgresql_document(found)
    return {"submission_id": row["id"], "tokens": document}


def _people(city: City, count: int, chance: random.Random, now: datetime) -> Iterator[Row]:
    enterprises = [place for place in city.places if place.level is Level.ENTERPRISE]
    for number in range(count):
        name = chance.choice(FAMILIES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2))))
        enterprise = chance.choice(enterprises)
        yield {
            "id": ids.new_id(),
            "name": name,
            "name_key": search_key(name),
            "phone": f"1990{number:07}",
            "phone_source": PhoneSource.TYPED,
            "enterprise_id": enterprise.id,
            "town_id": enterprise.town_id,  # as PostgreSQL's trigger would; to write it later takes as long again
            "is_active": True,
            "version": 1,
            "created_at": now - timedelta(seconds=count - number),
            "updated_at": now,
        }
