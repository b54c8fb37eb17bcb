"""The simulated model: takes what a vision model takes, nothing else, and answers as it was told.

It refuses with 400 whatever the service must never send: other keys, other roles, a picture with metadata or too large.
"""

import base64
import io
import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from tests.simulators.quiet import Quiet

KEY, MODEL, PATH = "sk-simulated", "sees-1", "/v1/chat/completions"
KEYS = {"model", "temperature", "max_tokens", "messages"}
LARGEST_SIDE = 768


@dataclass
class Model:
    """What it says next, how it behaves, and what it was asked."""

    says: str = ""
    status: int = 200
    body: bytes | None = None  # instead of a proper answer
    pause: float = 0.0  # between the pieces of an answer
    asked: list[str] = field(default_factory=list)  # the whole request, picture aside
    faults: list[str] = field(default_factory=list)  # what it refused
    secrets: tuple[str, ...] = ()  # what it must never be told

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        message = {"role": "assistant", "content": self.says}
        return json.dumps(
            {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}
        ).encode()


def serve(model: Model, port: int = 0) -> ThreadingHTTPServer:
    """The model on this machine."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fault = _fault(self.path, dict(self.headers.items()), body, model)
            if fault:
                model.faults.append(fault)
            self.send_response(400 if fault else model.status)
            if model.status == 302:
                self.send_header("Location", PATH)
            content = model.answer()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for start in range(0, len(content), 16):
                if model.pause:
                    time.sleep(model.pause)
                try:
                    self.wfile.write(content[start : start + 16] if model.pause else content[start:])
                except OSError:  # nobody waits any more
                    return
                if not model.pause:
                    return

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def _fault(path: str, headers: dict[str, str], body: bytes, model: Model) -> str:
    if path != PATH or headers.get("Authorization") != f"Bearer {KEY}":
        return "another address or key"
    if headers.get("Content-Type") != "application/json" or "Cookie" in headers or "Referer" in headers:
        return "headers"
    sent: dict[str, Any] = json.loads(body)
    if set(sent) != KEYS or sent["model"] != MODEL or not 0 < sent["max_tokens"] <= 1000:
        return "another request"
    roles = [message["role"] for message in sent["messages"]]
    parts = sent["messages"][-1]["content"]
    kinds = [part["type"] for part in parts]
    if roles != ["system", "user"] or kinds not in (["image_url"], ["text", "image_url"], ["text"]):
        return "other messages"
    shown = parts[-1].get("image_url", {})
    head, _, picture = shown.pop("url", "").partition(",")
    told = json.dumps(sent, ensure_ascii=False)
    model.asked.append(told)
    if betrayed := [secret for secret in model.secrets if secret in told]:
        return f"told of {betrayed}"
    if kinds == ["text"]:
        return ""
    return "another picture" if head != "data:image/jpeg;base64" else _fault_of_picture(base64.b64decode(picture))


def _fault_of_picture(content: bytes) -> str:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        if image.format != "JPEG" or max(image.size) > LARGEST_SIDE:
            return f"{image.format} of {image.size}"
        left = set(image.info) & {"exif", "icc_profile", "xmp", "comment", "photoshop"}
        return f"carries {sorted(left)}" if left or image.getexif() else ""
