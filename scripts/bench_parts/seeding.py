"""A table of a million submissions, written past the ORM but through the models' own columns and types."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Index, Table, inspect, text
from sqlalchemy.schema import CreateIndex, DropIndex

from bench_parts.city import City, Place, weight_of
from bench_parts.sizes import Size
from server.core.db import Database
from server.kit.numbers.actions import write_number
from server.photos.models import Photo, PhotoPurpose, PhotoState
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Kind, Status, Submission
from server.unions.roles import Level

Row = dict[str, Any]

# Of a hundred: a big backlog, so that the queue itself is deep. The rest is decided.
SHARES = {
    Status.QUEUED: 20, Status.RETURNED: 2, Status.ACCEPTED: 48, Status.DECLINED: 18, Status.DUPLICATE: 5,
    Status.WITHDRAWN: 4, Status.INCOMPLETE: 3,
}  # fmt: skip
DECIDED = frozenset({Status.ACCEPTED, Status.DECLINED, Status.DUPLICATE})
EARLIER = 0.05  # of all, the first: of a campaign of years ago
SUGGESTIONS = 0.05  # of all; the rest are hazards
TINY = 40  # submissions of the enterprise whose reviewer looks
SOMEWHERE_ELSE = 0.1
BATCH = 20_000
EXCERPTS = (
    "配电箱门敞开，电线裸露", "安全通道堆满纸箱", "脚手架没有护栏", "灭火器过期", "叉车倒车没有声音提示",
    "氧气瓶和乙炔瓶放在一起", "机器的防护罩被拆掉了", "地面有油，容易滑倒", "高处作业没系安全带", "应急灯不亮",
)  # fmt: skip


def seed(database: Database, city: City, size: Size, now: datetime) -> None:
    """Write the submissions, each with the photo that stands for it."""
    photos: list[Row] = []

    def submissions() -> Iterator[Row]:
        for submission, photo in _rows(city, size, now):
            if photo is not None:
                photos.append(photo)
            yield submission

    load(database, cast(Table, Submission.__table__), submissions())
    load(database, cast(Table, Photo.__table__), photos)
    take_stock(database)


def take_stock(database: Database) -> None:
    """Bring the files in order, and let PostgreSQL's planner know what is there, as its own daemon does. Nobody does so
    for SQLite, neither here nor in production."""
    is_sqlite = database.settings.is_sqlite
    statements = ("PRAGMA wal_checkpoint(TRUNCATE)",) if is_sqlite else ("VACUUM (ANALYZE)", "CHECKPOINT")
    for statement in statements:
        with database.reading() as session:
            session.execute(text(statement))


def _rows(city: City, size: Size, now: datetime) -> Iterator[tuple[Row, Row | None]]:
    """Submissions in the order they were made, and their covers. The same for the same city and size."""
    count, span = size.submissions, size.span
    chance = random.Random(count)
    by_id = {place.id: place for place in city.places}
    tiny = by_id[city.seats["enterprise"]]
    enterprises = [each for each in city.places if each.level is Level.ENTERPRISE and each is not tiny]
    areas = [each for each in city.places if each.level in (Level.TOWN, Level.DISTRICT)]
    enterprise_weights = list(accumulate(weight_of(place) for place in enterprises))
    statuses, shares = list(SHARES), list(accumulate(SHARES.values()))
    step = max(count // TINY, 1)
    first = now - span
    earlier: UUID | None = None
    for number in range(count):
        made_at = first + span * (number / count)
        submission_id = id_at(made_at, chance)
        status = chance.choices(statuses, cum_weights=shares)[0]
        if number % step == 0:
            place, status = tiny, Status.QUEUED if number // step % 2 else status
        elif chance.random() < SOMEWHERE_ELSE:
            place = chance.choice(areas)
        else:
            place = chance.choices(enterprises, cum_weights=enterprise_weights)[0]
        if status is Status.DUPLICATE and earlier is None:
            status = Status.DECLINED
        row = _submission(city, submission_id, status, place, made_at, chance)
        if row["due_at"] and place.district_id == city.seats["district"]:
            row["due_at"] += span  # all its deadlines come after everybody else's, the worst case for many indexes
        if number < count * EARLIER:
            row["campaign_id"] = city.earlier_id
        if chance.random() < SUGGESTIONS:
            row |= {
                "kind": Kind.SUGGESTION, "category": chance.choice(city.suggestion_categories), "grade": None,
                "excerpt": "给叉车装倒车提示音",
            }  # fmt: skip
        letter = kind_of(row["kind"]).number_letter
        row["number"] = write_number(made_at.year, number + 1, letter) if row["arrived_at"] else None
        row["duplicate_of_id"] = earlier if status is Status.DUPLICATE else None
        if status is not Status.INCOMPLETE:  # which is swept away some day
            earlier = submission_id
        yield row, _cover(row, chance)


def id_at(moment: datetime, chance: random.Random) -> UUID:
    """A UUIDv7 as of that moment."""
    value = int(moment.timestamp() * 1000) << 80 | chance.getrandbits(80)
    return UUID(int=value & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def _submission(
    city: City,
    submission_id: UUID,
    status: Status,
    place: Place,
    made_at: datetime,
    chance: random.Random,
) -> Row:
    arrived = status is not Status.INCOMPLETE
    due_at = made_at + timedelta(days=4, seconds=chance.randrange(86400))
    return {
        "id": submission_id,
        "kind": Kind.HAZARD,
        "campaign_id": city.campaign_id,
        "reporter_id": chance.choice(city.workers).id,
        "content_hash": f"{chance.getrandbits(256):064x}",
        "status": status,
        "version": 1 + arrived,
        "category": chance.choice(city.categories),
        "excerpt": chance.choice(EXCERPTS),
        "place": f"{chance.randrange(1, 30)}号车间{chance.choice('东南西北')}门",
        "grade": chance.randrange(1, 5) if status is Status.ACCEPTED else None,
        "is_anonymous": False,
        "disclosed_at": None,
        "photos_expected": 3,
        "photos_received": 3 if arrived else 1,
        "cover_photo_id": id_at(made_at, chance) if arrived else None,
        "city_id": place.city_id,
        "district_id": place.district_id,
        "town_id": place.town_id,
        "enterprise_id": place.enterprise_id,
        "routed_union_id": place.id,
        "claimed_by_id": None,
        "claimed_until": None,
        "created_at": made_at,
        "arrived_at": made_at if arrived else None,
        "due_at": due_at if arrived else None,
        "rest_days": 2 if status is Status.RETURNED else None,
        "decided_at": made_at + timedelta(days=1) if status in DECIDED else None,
        "updated_at": made_at,
    }


def _cover(submission: Row, chance: random.Random) -> Row | None:
    if submission["cover_photo_id"] is None:
        return None
    return {
        "id": submission["cover_photo_id"],
        "submission_id": submission["id"],
        "owner_id": submission["reporter_id"],
        "position": 0,
        "sha256": f"{chance.getrandbits(256):064x}",
        "size": chance.randrange(200_000, 4_000_000),
        "purpose": PhotoPurpose.REPORT,
        "state": PhotoState.READY,
        "media_type": "image/jpeg",
        "width": 4000,
        "height": 3000,
        "received_at": submission["arrived_at"],
        "object_id": submission["cover_photo_id"],
        "taken_at": submission["created_at"],
        "latitude": 36.06,
        "longitude": 120.38,
        "device": "HUAWEI ALN-AL00",
        "fingerprint": chance.getrandbits(63),
    }


# --- writing ----------------------------------------------------------------------------------------------------------


def load(database: Database, table: Table, rows: Iterable[Row]) -> None:
    """Write rows with the indexes taken away and built again after, which is several times faster."""
    engine = database.engine
    dialect = engine.dialect
    there = {each["name"] for each in inspect(engine).get_indexes(table.name)}  # some are of one database alone
    indexes = sorted((index for index in table.indexes if index.name in there), key=_few_rows_last)
    converters = [_converter(column, dialect) for column in table.columns]
    names = [column.name for column in table.columns]
    missing = [_default(column) for column in table.columns]
    columns = list(zip(converters, names, missing, strict=True))
    values = ([convert(row.get(name, default)) for convert, name, default in columns] for row in rows)
    quoted = [f'"{name}"' for name in names]  # some are words of SQL
    with engine.connect() as connection, _hurrying(connection), connection.begin():
        for index in indexes:
            connection.execute(DropIndex(index))
        write = _write_sqlite if database.settings.is_sqlite else _write_postgresql
        write(connection, table, quoted, values)
        for index in indexes:
            connection.execute(CreateIndex(index))


def _few_rows_last(index: Index) -> tuple[bool, str]:
    """The order of indexes, which SQLite goes by: see server/migrations/index_order.py."""
    return index.dialect_options["sqlite"]["where"] is not None, str(index.name)


@contextmanager
def _hurrying(connection: Connection) -> Iterator[None]:
    """SQLite without foreign keys and with memory to build indexes in; the rows are made to fit, not checked."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute("PRAGMA cache_size=-1000000")
    yield
    driver.execute("PRAGMA cache_size=-16000")
    driver.execute("PRAGMA foreign_keys=ON")


def _default(column: Any) -> Any:
    """What the model gives a column that a row does not name."""
    return column.default.arg if column.default is not None and column.default.is_scalar else None


def _converter(column: Any, dialect: Any) -> Callable[[Any], Any]:
    return column.type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)


def _write_sqlite(connection: Connection, table: Table, names: Sequence[str], values: Iterator[Any]) -> None:
    driver: Any = connection.connection.driver_connection
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  (names of our own)
    while batch := list(islice(values, BATCH)):
        driver.executemany(statement, batch)


def _write_postgresql(connection: Connection, table: Table, names: Sequence[str], values: Iterator[Any]) -> None:
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # no look-up of foreign keys row by row
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)
