"""Which jobs there are: handlers by name, and work that comes round by the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from server.core.db import Database
from server.core.jobs.models import Priority
from server.core.settings import Settings
from server.core.storage.base import ObjectStore


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler works with. It opens its own transactions."""

    settings: Settings
    database: Database
    object_store: ObjectStore


class GiveUp(Exception):
    """Raised by a handler that can never succeed: the job is dead at once. The text is kept as the reason."""


Handler = Callable[..., None]  # (ctx: JobContext, **ids) -> None, safe to run twice
PeriodicHandler = Callable[[JobContext], None]
H = TypeVar("H", bound=Handler)
P = TypeVar("P", bound=PeriodicHandler)


@dataclass(frozen=True, slots=True)
class RegisteredJob:
    """A handler, how often it is tried, after how many seconds a run counts as hung, and what it goes before.

    `title` is what the console calls it.
    """

    name: str
    title: str
    handler: Handler
    max_attempts: int
    max_seconds: float
    priority: Priority


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """Work done by some worker about every `seconds`; `title` is what the console calls it."""

    name: str
    title: str
    handler: PeriodicHandler
    seconds: float


JOBS: dict[str, RegisteredJob] = {}
PERIODIC: dict[str, PeriodicJob] = {}


def job(
    name: str, title: str, *, max_attempts: int = 8, max_seconds: float = 900, priority: Priority = Priority.NORMAL
) -> Callable[[H], H]:
    """Register a handler under `slice.verb_object`. It must be safe to run twice. Raises ValueError for a name taken.

    A run that takes longer than `max_seconds` loses its lease, so that another attempt can be made.
    """

    def register(handler: H) -> H:
        known = JOBS.get(name)
        if known is not None and known.handler is not handler:
            raise ValueError(f"job {name} is registered already")
        JOBS[name] = RegisteredJob(name, title, handler, max_attempts, max_seconds, priority)
        return handler

    return register


def priority_of(name: str) -> Priority:
    """What jobs of that name are taken before; those nobody knows are as good as any."""
    known = JOBS.get(name)
    return known.priority if known else Priority.NORMAL


def title_of(name: str) -> str:
    """What the console calls work of that name; an earlier version may have left some that nobody knows."""
    known = JOBS.get(name) or PERIODIC.get(name)
    return known.title if known else "以前版本的任务"


def periodic(name: str, title: str, *, seconds: float) -> Callable[[P], P]:
    """Register work that some worker does about every `seconds`; several workers never do it at the same moment."""

    def register(handler: P) -> P:
        known = PERIODIC.get(name)
        if known is not None and known.handler is not handler:
            raise ValueError(f"periodic work {name} is registered already")
        PERIODIC[name] = PeriodicJob(name, title, handler, seconds)
        return handler

    return register
