"""How much of a request must be here before it gets a thread."""

import pytest

from server.core.ops.gthread_gate import SMALL, STREAM, bytes_needed

HEAD = b"POST /api HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "beginning", [b"", b"G", b"GET / HTTP/1.1\r\n", HEAD, HEAD + b"\r", b"\r\n\r\n", b"\r\n\r\nGET"]
)
def test_a_head_that_is_not_whole_needs_more(beginning: bytes) -> None:
    assert bytes_needed(beginning) == len(beginning) + 1


def test_a_request_without_a_body_needs_its_head_alone() -> None:
    assert bytes_needed(HEAD + b"\r\n") == len(HEAD) + 2
    assert bytes_needed(HEAD + b"\r\nGET / HTTP/1.1\r\n") == len(HEAD) + 2


@pytest.mark.parametrize("name", [b"Content-Length", b"content-length", b"CONTENT-LENGTH"])
@pytest.mark.parametrize("size", [12, 2 * SMALL])
def test_a_body_is_awaited_whatever_its_size(name: bytes, size: int) -> None:
    head = HEAD + name + b":  %d \r\n\r\n" % size
    assert bytes_needed(head) == bytes_needed(head + b"x" * 12) == len(head) + size


@pytest.mark.parametrize("line", [b"Transfer-Encoding: chunked", b"expect: 100-continue"])
def test_a_body_of_unknown_size_is_read_by_a_thread(line: bytes) -> None:
    assert bytes_needed(HEAD + line + b"\r\n\r\n") == STREAM
