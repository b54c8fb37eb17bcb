"""Structured logs: one line per happening on standard error, with request or job ids and without personal data."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, BinaryIO

import orjson
import structlog

from server.core.settings import Settings

SECRET_KEYS = re.compile(
    r"password|secret|token|authorization|cookie|openid|unionid|session_key|phone|totp|address|description|(^|_)code$"
)
LONG_NUMBERS = re.compile(r"(?<![\w-])\d{11,19}[Xx]?(?![\w-])")  # phone, identity card and bank card numbers
MESSAGE_LIMIT = 500  # characters

EventDict = MutableMapping[str, Any]


class LineLogger:
    """Writes each line by one system call. No lock is held meanwhile: threads of a busy process wait for each other
    longer than the writing takes, because the one that writes also waits for the interpreter's lock.

    The system does not mix what is appended to a file, or to a pipe up to 4 kB.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = getattr(out, "raw", out)  # what buffers has a lock, too

    def msg(self, line: bytes) -> None:
        """Write a line; the rest of it, should the pipe be full, as soon as there is room."""
        left = memoryview(line + b"\n")
        while left:
            left = left[self._out.write(left) :]

    log = debug = info = warn = warning = error = critical = exception = fatal = msg


def configure(settings: Settings) -> None:
    """Set up structlog and the standard library's logging for this process. Called by composition roots only."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _render_exception,
        _scrub,
    ]
    final = _final_processors(settings)
    structlog.configure(
        processors=[*shared, *final],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_names, out=sys.stderr.buffer: LineLogger(out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final, _as_text],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("alembic", "huey", "urllib3", "botocore", "boto3", "s3transfer", "PIL"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def describe_exception(error: BaseException) -> str:
    """Type and message on one line, fit to keep: database errors without their values, long numbers masked."""
    statement_error = getattr(sys.modules.get("sqlalchemy.exc"), "StatementError", ())  # loaded if one was raised
    if isinstance(error, statement_error):
        original = getattr(error, "orig", None)
        message = f"{type(original).__name__} {getattr(original, 'sqlstate', None) or ''}".strip()
    else:
        message = LONG_NUMBERS.sub("***", " ".join(str(error).split()))
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return text if len(text) <= MESSAGE_LIMIT else text[: MESSAGE_LIMIT - 1] + "…"


def _final_processors(settings: Settings) -> list[structlog.typing.Processor]:
    if settings.log_format == "json":
        return [_to_json]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_plain), _encode]


def _plain(target: Any, _exc_info: Any) -> None:
    """The trace is text by the time it gets here; there is nothing left to render."""
    target.write("")


def _to_json(_logger: Any, _method: str, event: EventDict) -> bytes:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS)


def _encode(_logger: Any, _method: str, text: Any) -> bytes:
    return str(text).encode()


def _as_text(_logger: Any, _method: str, line: Any) -> str:
    return line.decode() if isinstance(line, bytes) else str(line)


def _scrub(_logger: Any, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if SECRET_KEYS.search(key):
            event[key] = "***"
        elif isinstance(value, str) and key != "timestamp":
            event[key] = LONG_NUMBERS.sub("***", value)
    return event


def _render_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = given if isinstance(given, BaseException) else (given if isinstance(given, tuple) else sys.exc_info())[1]
    if error is not None:
        event["exception"] = _trace(error)
    return event


def _trace(error: BaseException) -> str:
    """The chain of errors with the places they came through; no source lines, no local values."""
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None and len(lines) < 200:
        lines.append(describe_exception(current))
        frames = traceback.extract_tb(current.__traceback__)
        lines.extend(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-30:])
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)
