"""HTTP to a partner outside: one request and its whole answer, bounded in time and in size."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests
import urllib3

PIECE = 64 * 1024

# urllib3 writes the path of each request, and so whatever secret stands in it, to its debug log.
logging.getLogger("urllib3").setLevel(logging.INFO)


class NoAnswer(Exception):
    """Nothing that can be used came back; the text says why and holds nothing of the address. `maybe_done`: the partner
    may have done all the same what it was asked for."""

    def __init__(self, why: str, *, maybe_done: bool) -> None:
        super().__init__(why)
        self.why, self.maybe_done = why, maybe_done


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long to wait, in seconds, and how many bytes to take."""

    connect: float
    read: float  # between two pieces
    total: float
    size: int


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What came back with status 200."""

    content_type: str
    body: bytes


def exchange(
    method: str,
    url: str,
    bounds: Bounds,
    *,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Reply:
    """Ask, and read all that is answered. Redirects are not followed. Raises NoAnswer.

    Causes are dropped on purpose: requests puts the whole address, with secret or token, into them.
    """
    deadline = time.monotonic() + bounds.total
    try:
        with requests.request(
            method, url, params=params, data=body, headers=headers, allow_redirects=False, stream=True,
            timeout=(bounds.connect, bounds.read),
        ) as got:  # fmt: skip
            if got.status_code != 200:
                raise NoAnswer(f"status {got.status_code}", maybe_done=got.status_code != 429)
            content_type = got.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Reply(content_type, _read(got, bounds.size, deadline))
    except requests.ConnectTimeout:
        raise NoAnswer("no connection", maybe_done=False) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise NoAnswer(type(error).__name__, maybe_done=not _is_refused(error)) from None


def _is_refused(error: Exception) -> bool:
    """Whether the connection was never made."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _read(response: requests.Response, size: int, deadline: float) -> bytes:
    """The body, unless it is too big or trickles in for too long."""
    body = bytearray()
    while piece := response.raw.read1(PIECE, decode_content=True):  # what is there, without waiting for more
        body += piece
        if len(body) > size:
            raise NoAnswer("answer too big", maybe_done=True)
        if time.monotonic() > deadline:
            raise NoAnswer("answer too slow", maybe_done=True)
    return bytes(body)
