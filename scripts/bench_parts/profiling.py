"""Where the time goes: for each act the processor time by layer and by function, who waits for what, SQL and fsync."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import Any

from bench_parts import quiz, signing_in, uploading, wrk
from bench_parts.creating import create, figures, write_people
from bench_parts.options import Options
from bench_parts.photos import template
from bench_parts.rounds import table
from bench_parts.sampling import Samples, Stack, counting_fsync, sampling
from bench_parts.stage import Ready, Stage

ROWS = 10_000
TOP = 8
Act = Callable[[Ready], Mapping[str, float]]
"""Does one thing again and again to the service and returns the figures of a round."""

LAYERS: Mapping[str, Sequence[str]] = {
    "driver and SQL": ("do_execute (sqlalchemy", "do_executemany (sqlalchemy", "psycopg", "sqlite3"),
    "write lock": ("server/core/sqlite_write_lock",),
    "commit": ("do_commit (sqlalchemy", "do_rollback (sqlalchemy"),
    "fsync": ("put_file (server/core/storage", "_fsync_folder (server/core/storage"),
    "SQLAlchemy ORM": ("sqlalchemy/orm/",),
    "SQLAlchemy Core": ("sqlalchemy/",),
    "validation": ("pydantic", "webargs", "marshmallow"),
    "Flask": ("flask", "werkzeug", "apiflask", "blinker", "itsdangerous"),
    "pages": ("jinja2/", "markupsafe", "<template>", ".html"),
    "log and metrics": ("logging/", "structlog", "prometheus_client"),
    "JSON": ("json/", "orjson"),
    "gunicorn": ("gunicorn/", "concurrent/futures/", "threading"),
    "our core": ("server/core/",),
    "our kit": ("server/kit/",),
    "our slices": ("server/",),
}
"""Layer → beginnings of a file, or `function (file`. A stack counts for the innermost function that any layer names:
what the standard library does counts for whoever calls it."""
ELSEWHERE = "elsewhere"
RUNNING = "running"
FIGURES = ("req_s", "p50_ms", "web_ms", "database_ms", "fsyncs", "fsync_ms")


@dataclass(frozen=True, slots=True)
class Profile:
    """Of one act on one database. Times in ms per request; `layers` and `functions` of the web service's processor."""

    req_s: float
    p50_ms: float
    web_ms: float
    database_ms: float
    fsyncs: float
    fsync_ms: float
    locked: float
    """Part of the running time in which Python's lock is held."""
    layers: Mapping[str, float]
    waits: Mapping[str, float]
    """Of all time within requests: running, or waiting in which layer. Sums up to 1."""
    functions: Mapping[str, float]
    """Our own functions and what they call: part of the running time."""


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """One table for all acts, and one of functions for each; and both as data."""
    found: dict[str, Profile] = {}
    for kind in options.databases:
        with ExitStack() as stack:
            settings = stage.settings(kind)
            settings = settings.model_copy(update=signing_in.SETTINGS)
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, ROWS)))
            for name, act in _acts(stage, ready, options).items():
                if options.is_wanted(name):
                    options.say(f"{kind}: {name}")
                    found[f"{name}, {kind}"] = _profile(ready, act)
    return _report(found), {name: _data(profile) for name, profile in found.items()}


def _acts(stage: Stage, ready: Ready, options: Options) -> dict[str, Act]:
    people = write_people(stage.folder / f"{ready.name}.people", ready)
    small = uploading.SIZES[0]
    photo = template(small.pixels, small.wanted)
    path = stage.folder / f"{small.wanted}.jpg"
    path.write_bytes(photo.content)
    quiz.load_questions(ready)
    board = f"/api/v1/quizzes/{quiz.add_board(ready, ROWS)}/leaderboard"
    token = {"token": ready.city.workers[0].token}
    cookie = {"cookie": f"ssp_session={ready.city.reviewers['city']}"}

    def look(url: str, who: Mapping[str, str]) -> Act:
        return lambda at: figures(wrk.run(f"{at.service.base_url}{url}", options.seconds, "get", who, at.pids))

    def quiz_act(name: quiz.Act) -> Act:
        return lambda at: quiz.act(at, name, stage.folder, options)

    return {
        "create": lambda at: create(at, people, 0, options),
        "upload 300 kB": lambda at: uploading.upload(at, path, photo, small, options.seconds),
        **{f"quiz {name}": quiz_act(name) for name in quiz.ACTS},
        "leaderboard": look(board, token),
        "queue page": look("/console/queue", cookie),
        "own reports": look("/api/v1/submissions", token),
        "me": look("/api/v1/me", token),
        "sign-in": lambda at: signing_in.sign_in(at, options.seconds),
    }


def _profile(ready: Ready, act: Act) -> Profile:
    """Five runs of one act: to warm up, undisturbed, and under each of the instruments."""
    web, *databases = ready.pids
    with suppress(wrk.BenchError):  # as in round 0 of the others
        act(ready)
    plain = act(replace(ready, pids=(web,)))
    with sampling(web, "running") as running:
        act(ready)
    with sampling(web, "holding the lock") as holding:
        of_database = act(replace(ready, pids=tuple(databases)))
    with sampling(web, "all") as everything:
        act(ready)
    with counting_fsync(ready.pids) as calls:
        counted = act(ready)
    requests = counted["requests"]
    return Profile(
        req_s=plain["req_s"],
        p50_ms=plain["p50_ms"],
        web_ms=plain["cpu_ms"],
        database_ms=of_database["cpu_ms"] if databases else 0.0,
        fsyncs=calls.count / requests,
        fsync_ms=calls.seconds * 1000 / requests,
        locked=_part(holding.total, running.total),
        layers=_parts(running),
        waits=_waits(everything.within_requests(), running.within_requests()),
        functions=_functions(running),
    )


def layer_of(stack: Stack) -> str:
    """The layer that a stack counts for."""
    for frame in reversed(stack):
        whole = f"{frame.name} ({frame.file}"
        for layer, beginnings in LAYERS.items():
            if any(frame.file.startswith(each) or whole.startswith(each) for each in beginnings):
                return layer
    return ELSEWHERE


def _by_layer(samples: Samples) -> Counter[str]:
    found: Counter[str] = Counter()
    for stack, count in samples.stacks.items():
        found[layer_of(stack)] += count
    return found


def _parts(samples: Samples) -> dict[str, float]:
    return {layer: _part(count, samples.total) for layer, count in _by_layer(samples).most_common()}


def _waits(everything: Samples, running: Samples) -> dict[str, float]:
    """Both were sampled for as long: what is in the one and not in the other stood still."""
    ran = _by_layer(running)
    still = _by_layer(everything)
    still.subtract(ran)
    found = {RUNNING: _part(running.total, everything.total)}
    return found | {layer: _part(count, everything.total) for layer, count in still.most_common() if count > 0}


def _functions(samples: Samples) -> dict[str, float]:
    """Our functions with all that they call."""
    found: Counter[str] = Counter()
    for stack, count in samples.stacks.items():
        for each in {f"{frame.function} ({frame.file})" for frame in stack if frame.file.startswith("server/")}:
            found[each] += count
    return {name: _part(count, samples.total) for name, count in found.most_common(40)}


def _part(count: float, whole: float) -> float:
    return count / whole if whole else 0.0


def _data(profile: Profile) -> dict[str, Any]:
    return {name: getattr(profile, name) for name in Profile.__dataclass_fields__}


# --- as text ----------------------------------------------------------------------------------------------------------


def _report(found: Mapping[str, Profile]) -> str:
    parts = [_summary(found), _layers(found), _table_of_waits(found)]
    for name, profile in found.items():
        rows = [[function, _percent(part)] for function, part in list(profile.functions.items())[:TOP]]
        parts.append(table([f"{name}: our functions and what they call", "of the time"], rows))
    return "\n\n".join(parts)


def _summary(found: Mapping[str, Profile]) -> str:
    header = ["act", "req/s", "p50 ms", "web CPU ms", "database CPU ms", "fsyncs", "fsync ms", "lock held"]
    rows = [
        [
            name,
            each.req_s,
            each.p50_ms,
            each.web_ms,
            each.database_ms,
            each.fsyncs,
            each.fsync_ms,
            _percent(each.locked),
        ]
        for name, each in found.items()
    ]
    return table(header, rows)


def _layers(found: Mapping[str, Profile]) -> str:
    """ms of the web service's processor per request."""
    layers = _seen(each.layers for each in found.values())
    rows = [[name, *[each.layers.get(layer, 0.0) * each.web_ms for layer in layers]] for name, each in found.items()]
    return table(["web CPU, ms", *layers], rows)


def _table_of_waits(found: Mapping[str, Profile]) -> str:
    layers = _seen(each.waits for each in found.values())
    rows = [[name, *[_percent(each.waits.get(layer, 0.0)) for layer in layers]] for name, each in found.items()]
    return table(
        ["of the time within requests", *(f"waits in {each}" if each != "running" else each for each in layers)], rows
    )


def _seen(each: Iterable[Mapping[str, float]]) -> list[str]:
    names: dict[str, None] = {}
    for mapping in each:
        names |= dict.fromkeys(mapping)
    return list(names)


def _percent(part: float) -> str:
    return f"{part:.0%}"
