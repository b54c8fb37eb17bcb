"""Just enough of HTTP for load generators: bytes that were made beforehand go out, a status and a body come back."""

import asyncio
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

BOUNDARY = "----bench7MA4YWxkTrZu0gW"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. A status of 0: the line broke."""

    status: int
    body: bytes = b""


BROKEN = Answer(0)


class Line:
    """A connection that is kept."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, url: str, source: str | None = None) -> Self:
        """Connect, from the address `source` if one is given."""
        address = urlsplit(url)
        came_from = (source, 0) if source else None
        return cls(*await asyncio.open_connection(address.hostname, address.port, local_addr=came_from))

    async def ask(self, request: bytes) -> Answer:
        """Send a whole request and read its answer."""
        try:
            self._writer.write(request)
            await self._writer.drain()
            return await self.read()
        except (OSError, EOFError):
            return BROKEN

    async def send(self, piece: bytes) -> bool:
        """Send a piece of a request; False if nobody takes it."""
        try:
            self._writer.write(piece)
            await self._writer.drain()
        except OSError:
            return False
        return not self._reader.at_eof()

    async def read(self) -> Answer:
        """The next answer. Raises OSError or EOFError when the line breaks."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        length = next((line for line in head.split("\r\n") if line.lower().startswith("content-length:")), ":0")
        return Answer(status, await self._reader.readexactly(int(length.partition(":")[2])))

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def request(method: str, path: str, token: str, body: bytes = b"", kind: str = "application/json") -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    if body:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def upload(submission_id: object, token: str, photo: bytes) -> bytes:
    """The request that sends the first photo of a submission."""
    form = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="position"\r\n\r\n0\r\n--{BOUNDARY}\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    body = form.encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()
    path = f"/api/v1/submissions/{submission_id}/photos"
    return request("POST", path, token, body, f"multipart/form-data; boundary={BOUNDARY}")
