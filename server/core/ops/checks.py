"""`suishoupai check`: is everything there that the service needs?"""

import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from redis.client import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server.core import clock
from server.core.db import Database
from server.core.jobs.clock_jumps import noticed_jump
from server.core.jobs.models import JobState
from server.core.jobs.queries import count_by_state
from server.core.ops.rekeying import find_unreadable
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError

LOW_DISK = 1024**3  # bytes
BUILT_AFTER = datetime(2026, 1, 1, tzinfo=UTC)
MOST_SKEW = 5.0  # seconds between this machine's clock and the database's


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and a Chinese line on it."""

    name: str
    is_well: bool
    text: str


def examine(
    settings: Settings, database: Database, store: ObjectStore, is_current: Callable[[Database], bool]
) -> Iterator[Finding]:
    """Look at one part after the other."""
    yield Finding("配置", True, "读取正常")
    database_up = yield from _database(settings, database, is_current)
    yield _objects(store)
    yield _disk(settings)
    if settings.redis_url:
        yield _redis(settings)
    if database_up:
        yield _secrets(database)
        yield _clock(database)
        yield _jobs(database)


def _database(
    settings: Settings, database: Database, is_current: Callable[[Database], bool]
) -> Generator[Finding, None, bool]:
    kind = "SQLite" if settings.is_sqlite else "PostgreSQL"
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
        yield Finding("数据库", True, f"{kind} 可用")
        current = is_current(database)
    except SQLAlchemyError as error:
        yield Finding("数据库", False, f"{kind} 不可用（{type(error).__name__}）")
        return False
    yield Finding("表结构", current, "是最新的" if current else "不是最新的，请运行 suishoupai migrate")
    return current


def _secrets(database: Database) -> Finding:
    with database.reading() as session:
        table = find_unreadable(session)
    if table is None:
        return Finding("密钥", True, "存下的密文都能读")
    return Finding(
        "密钥", False, f"{table} 里的密文读不出来：换过 SECRET_KEY 的，请把原来的设为 SUISHOUPAI_SECRET_KEY_PREVIOUS"
    )


def _objects(store: ObjectStore) -> Finding:
    try:
        store.check()
    except (StorageError, OSError) as error:
        return Finding("照片存储", False, f"不能读写（{type(error).__name__}）")
    return Finding("照片存储", True, "可以写入、读出、删除")


def _disk(settings: Settings) -> Finding:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    return Finding("磁盘", free >= LOW_DISK, f"剩余 {free / 1024**3:.1f} GB")


def _redis(settings: Settings) -> Finding:
    try:
        Redis.from_url(settings.redis_url, socket_connect_timeout=2, socket_timeout=2).ping()
    except (RedisError, OSError, ValueError) as error:
        return Finding("Redis", False, f"不可用（{type(error).__name__}）；任务会由定时清扫执行，只是慢一些")
    return Finding("Redis", True, "可用")


def _clock(database: Database) -> Finding:
    moment = clock.now()
    if jump := noticed_jump(database, moment):
        return Finding("时钟", False, f"最近一天里曾经快了约 {span_text(jump)}，那时写下的时间不准；请检查校时（NTP）")
    if moment < BUILT_AFTER:
        return Finding("时钟", False, f"本机时间 {moment:%Y-%m-%d %H:%M} 不对，请校时")
    if database.settings.is_sqlite:
        return Finding("时钟", True, f"{clock.in_shanghai(moment):%Y-%m-%d %H:%M:%S}（上海）")
    with database.reading() as session:
        theirs = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    skew = abs((theirs - clock.now()).total_seconds())
    return Finding("时钟", skew <= MOST_SKEW, f"与数据库相差 {skew:.1f} 秒")


def span_text(span: timedelta) -> str:
    """A length of time in Chinese, to the minute or the hour."""
    minutes = int(span.total_seconds() / 60)
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"


def _jobs(database: Database) -> Finding:
    with database.reading() as session:
        counts = count_by_state(session)
    dead = counts[JobState.DEAD]
    line = f"待执行 {counts[JobState.READY]}，执行中 {counts[JobState.RUNNING]}，失败 {dead}"
    return Finding("后台任务", dead == 0, line)
