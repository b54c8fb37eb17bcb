"""The simulated WeChat beside a service in the same process."""

import errno
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import ThreadingHTTPServer
from typing import TypeVar

from werkzeug.serving import BaseWSGIServer

from server.wechat import transport
from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import State
from tests.support.servers import free_port

SECONDS_TO_WAIT = 60
Server = TypeVar("Server", BaseWSGIServer, ThreadingHTTPServer)


@cache
def steady_port(_purpose: str) -> int:
    """A port that stays the same while tests run: services with the same settings are one (see applications)."""
    return free_port()


def on_steady_port(serve_on: Callable[[int], Server], purpose: str) -> Server:
    """What `serve_on` makes on the port of that purpose. One that was drawn while tests were collected is that of every
    process of the run (nursery.py): whoever comes second waits until the first is done with it."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while True:
        try:
            return serve_on(steady_port(purpose))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextmanager
def serving(server: BaseWSGIServer | ThreadingHTTPServer) -> Iterator[None]:
    """`server` answers for the length of a block."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def simulated_wechat(state: State) -> Iterator[str]:
    """Where the simulated WeChat is, with every circuit breaker closed."""
    transport.line_of.cache_clear()
    try:
        server = serve(state, steady_port("wechat"))
    except OSError:  # somebody else took the port between two tests
        server = serve(state)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"
