"""A small server on this machine that acts WeChat's part, its bad days included."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.simulators.quiet import Quiet

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Wechat:
    """What the server answers next, and what it was asked."""

    url: str = ""
    reply: Reply = lambda handler: None
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def answers(self, content: object, *, status: int = 200, raw: bytes | None = None) -> None:
        """Answer with JSON, or with `raw`."""
        body = raw if raw is not None else json.dumps(content).encode()

        def send(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.reply = send


@contextmanager
def acting_wechat() -> Iterator[Wechat]:
    """The server, for the length of a block."""
    acting = Wechat()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            acting.asked.append({"path": [urlsplit(self.path).path], **parse_qs(urlsplit(self.path).query)})
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the gateway may have hung up
                acting.reply(self)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    acting.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield acting
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
