"""Which jobs there are: handlers by name, and work that comes round by the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from server.core.db import Database
from server.core.settings import Settings
from server.core.storage.base import ObjectStore


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler works with. It opens its own transactions."""

    settings: Settings
    database: Database
    object_store: ObjectStore


Handler = Callable[..., None]  # (ctx: JobContext, **ids) -> None, safe to run twice
PeriodicHandler = Callable[[JobContext], None]
H = TypeVar("H", bound=Handler)
P = TypeVar("P", bound=PeriodicHandler)


@dataclass(frozen=True, slots=True)
class RegisteredJob:
    name: str
    handler: Handler
    max_attempts: int


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    name: str
    handler: PeriodicHandler
    seconds: float


JOBS: dict[str, RegisteredJob] = {}
PERIODIC: dict[str, PeriodicJob] = {}


def job(name: str, *, max_attempts: int = 8) -> Callable[[H], H]:
    """Register a handler under `slice.verb_object`. It must be safe to run twice. Raises ValueError for a name taken."""

    def register(handler: H) -> H:
        known = JOBS.get(name)
        if known is not None and known.handler is not handler:
            raise ValueError(f"job {name} is registered already")
        JOBS[name] = RegisteredJob(name, handler, max_attempts)
        return handler

    return register


def periodic(name: str, *, seconds: float) -> Callable[[P], P]:
    """Register work that some worker does about every `seconds`; several workers never do it at the same moment."""

    def register(handler: P) -> P:
        PERIODIC[name] = PeriodicJob(name, handler, seconds)
        return handler

    return register


def describe(name: str) -> dict[str, Any]:
    """Name and attempts of a registered job, for pages. Unknown names get an empty answer."""
    known = JOBS.get(name)
    return {"name": known.name, "max_attempts": known.max_attempts} if known else {}
