"""The simulated WeChat beside a service in the same process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import ThreadingHTTPServer

from werkzeug.serving import BaseWSGIServer

from server.wechat import transport
from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import State
from tests.support.servers import free_port


@cache
def steady_port(_purpose: str) -> int:
    """A port that stays the same while tests run: services with the same settings are one (see applications)."""
    return free_port()


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
