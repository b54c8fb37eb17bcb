"""Any endpoint that speaks OpenAI's chat completions: bounded in time, in size and in number, and given up for a while
when nothing comes back."""

import base64
import json
from functools import cache
from typing import Any

import structlog

from server.core.breaker import Breaker, NotAsked
from server.core.errors import AppError
from server.core.http_exchange import Bounds, NoAnswer, exchange

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 3.05, 12.0, 15.0
MAX_ANSWER = 64 * 1024  # bytes
MAX_AT_ONCE = 4  # calls of one process: each holds a thread for seconds
OPEN_SECONDS = 60.0
MAX_TOKENS = 300

log = structlog.get_logger(__name__)


class VisionSilent(AppError):
    """No usable answer. Nothing depends on one."""

    status, code, message = 503, "proposal_unavailable", "机器现在看不了照片，请自己选、自己写。"
    is_outage = True


@cache
def line_of(url: str) -> Breaker:
    """The one way of this process to an endpoint."""
    return Breaker(at_once=MAX_AT_ONCE, open_seconds=OPEN_SECONDS)


class ChatCompletions:
    """One endpoint with one model."""

    def __init__(self, url: str, key: str, model: str) -> None:
        self._url, self._key, self._model = url, key, model

    def look(self, instruction: str, jpeg: bytes | None, words: str = "") -> str:
        """What is said of picture and words. Raises VisionSilent."""
        try:
            with line_of(self._url).call(VisionSilent):
                return _text_of(self._exchange(self._body(instruction, jpeg, words)))
        except NotAsked:
            raise VisionSilent from None

    def _body(self, instruction: str, jpeg: bytes | None, words: str) -> bytes:
        parts: list[dict[str, Any]] = [{"type": "text", "text": words}] if words else []
        if jpeg is not None:
            picture = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
            parts.append({"type": "image_url", "image_url": {"url": picture}})
        return json.dumps(
            {
                "model": self._model,
                "temperature": 0,
                "max_tokens": MAX_TOKENS,
                "messages": [
                    {"role": "system", "content": instruction},
                    {"role": "user", "content": parts},
                ],
            }
        ).encode()

    def _exchange(self, body: bytes) -> bytes:
        bounds = Bounds(CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS, MAX_ANSWER)
        key = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        headers = {"Content-Type": "application/json", **key}
        try:
            return exchange("POST", self._url, bounds, headers=headers, body=body).body
        except NoAnswer as silence:
            raise _silent(silence.why) from None


def _text_of(body: bytes) -> str:
    try:
        text = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError):
        raise _silent("no answer in it") from None
    if not isinstance(text, str):
        raise _silent("no text in it")
    return text


def _silent(why: str) -> VisionSilent:
    log.warning("vision_silent", why=why)
    return VisionSilent()
