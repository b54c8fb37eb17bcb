"""A file on its way in: the body, read once, straight into the file that will be kept.

A photo comes in a form of `position` (0-based) and one `file`, in either order; another file in a form of nothing else,
or as the body itself. The hash is taken on the fly. Reads are of one megabyte, because gunicorn's body reader copies
what is left over at every read.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from server.core.errors import AppError, Invalid
from server.core.storage.base import StorageError, staging_file
from server.photos.upload.refusals import MEGABYTE, UploadInterrupted, UploadMalformed, too_large

OVERHEAD = 16 * 1024  # bytes of a form that are not the file: boundaries, headers, the other field
MAX_POSITION_DIGITS = 4
FORM, FILE, POSITION = "multipart/form-data", b"file", b"position"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has been read in whole, still in the staging folder."""

    path: Path
    size: int
    sha256: str
    position: int


@contextmanager
def receiving(request: Request, staging: Path, max_bytes: int) -> Iterator[Upload]:
    """Read the form. The file is gone at the end of the block, unless it was moved into the store.

    Raises AppError: 400 malformed or interrupted, 413 over `max_bytes`, 415 no form, 422 wrong fields; StorageError
    when the disk does not take it.
    """
    boundary = _boundary(request)
    _refuse_what_says_it_is_too_large(request, max_bytes)
    with _taking_in(_Form(boundary, max_bytes), request, staging, max_bytes) as upload:
        yield upload


@contextmanager
def receiving_alone(request: Request, staging: Path, max_bytes: int) -> Iterator[Upload]:
    """The same of a body that is the file itself, or a form with one `file` and nothing else. Its position is 0."""
    _refuse_what_says_it_is_too_large(request, max_bytes)
    is_form = (request.mimetype or "") == FORM
    form = _Form(_boundary(request), max_bytes, frozenset({FILE})) if is_form else _Plain(max_bytes)
    with _taking_in(form, request, staging, max_bytes) as upload:
        yield upload


@contextmanager
def putting_together(chunks: Iterable[bytes], staging: Path, max_bytes: int, position: int) -> Iterator[Upload]:
    """The same of what came earlier, in pieces. Raises 413 over `max_bytes`; StorageError."""
    path, plain = _new_path(staging), _Plain(max_bytes)
    try:
        with _writing(path) as plain.descriptor:
            for chunk in chunks:
                plain.write(chunk)
        yield Upload(path, plain.size, plain.digest(), position)
    finally:
        path.unlink(missing_ok=True)


def _refuse_what_says_it_is_too_large(request: Request, max_bytes: int) -> None:
    length = request.content_length
    if length is not None and length > max_bytes + OVERHEAD:
        drain(request, max_bytes)
        raise too_large(max_bytes)


@contextmanager
def _taking_in(form: "_Plain", request: Request, staging: Path, max_bytes: int) -> Iterator[Upload]:
    path = _new_path(staging)
    try:
        with _writing(path) as form.descriptor:
            _feed(form, request, max_bytes)
        yield Upload(path, form.size, form.digest(), form.position)
    finally:
        path.unlink(missing_ok=True)


def _new_path(staging: Path) -> Path:
    try:
        return staging_file(staging)
    except OSError as error:
        raise StorageError from error


@contextmanager
def _writing(path: Path) -> Iterator[int]:
    """A descriptor of a new file, closed at the end of the block whatever happens in it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise StorageError from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def drain(request: Request, max_bytes: int) -> None:
    """Read and drop a body that is refused, if it is of a photo's size: phones see an answer only after sending all."""
    length = request.content_length or 0
    if length <= 2 * max_bytes:
        with suppress(UploadInterrupted):
            for _ in _chunks(request):
                pass


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != FORM.encode() or not boundary:
        raise AppError("请用表单上传照片（multipart/form-data）。", code="unsupported_media_type", status=415)
    return boundary


def _feed(form: "_Plain", request: Request, max_bytes: int) -> None:
    """Pass the whole body to `form`. A refusal half way still reads the rest, so that the phone sees the answer."""
    chunks, total = _chunks(request), 0
    try:
        for chunk in chunks:
            total += len(chunk)
            if total > max_bytes + OVERHEAD:
                raise too_large(max_bytes)
            form.write(chunk)
        form.finish(is_whole=request.content_length is None or total == request.content_length)
    except UploadInterrupted:
        raise
    except AppError:
        if request.content_length is not None:
            with suppress(UploadInterrupted):
                for _ in chunks:
                    pass
        raise


def _chunks(request: Request) -> Iterator[bytes]:
    """The body in pieces of up to a megabyte. Raises UploadInterrupted when the connection breaks."""
    body = request.environ["wsgi.input"]
    length = request.content_length
    if length is None and not request.environ.get("wsgi.input_terminated"):
        return  # without a length or an end there is no body
    left = length
    while left is None or left > 0:
        try:
            chunk = body.read(MEGABYTE if left is None else min(MEGABYTE, left))
        except OSError as error:
            raise UploadInterrupted from error
        if not chunk:
            return
        if left is not None:
            left -= len(chunk)
        yield chunk


class _Plain:
    """What a body is fed to, piece by piece: the file as it comes. Writes it and takes its hash."""

    position = 0

    def __init__(self, max_bytes: int) -> None:
        self.descriptor = -1  # of the file to write to
        self.max_bytes = max_bytes
        self.size = 0
        self._sha256 = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Take in a piece of the body. Raises AppError."""
        self._keep(memoryview(chunk))

    def finish(self, *, is_whole: bool) -> None:
        """Raises UploadInterrupted if the body ended before its length."""
        if not is_whole:
            raise UploadInterrupted

    def digest(self) -> str:
        """The SHA-256 of what was written."""
        return self._sha256.hexdigest()

    def _keep(self, piece: memoryview) -> None:
        with piece:
            self.size += len(piece)
            if self.size > self.max_bytes:
                raise too_large(self.max_bytes)
            self._sha256.update(piece)
            _write_all(self.descriptor, piece)


class _Form(_Plain):
    """The parser's listener: knows which part it is in, writes the file, keeps the position."""

    def __init__(self, boundary: bytes, max_bytes: int, wanted: frozenset[bytes] = frozenset({FILE, POSITION})) -> None:
        super().__init__(max_bytes)
        self.wanted = wanted
        self._parts: set[bytes] = set()
        self._part = b""
        self._header, self._value, self._disposition = bytearray(), bytearray(), b""
        self._digits = bytearray()
        self._ended = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._on_part_begin,
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers_finished,
                    "on_part_data": self._on_part_data,
                    "on_end": self._on_end,
                },
            )
        except FormParserError as error:
            raise UploadMalformed from error

    def write(self, chunk: bytes) -> None:
        """Take in a piece of the body. Raises AppError."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise UploadMalformed from error

    def finish(self, *, is_whole: bool) -> None:
        """Raises AppError unless the form has come to its end with everything in it."""
        if not self._ended:
            raise UploadMalformed if is_whole else UploadInterrupted
        missing = self.wanted - self._parts
        if missing:
            raise Invalid(fields={name.decode(): "必须填写" for name in missing})
        if POSITION in self.wanted:
            if not self._digits.isdigit():
                raise Invalid(fields={"position": "要填从 0 开始的序号"})
            self.position = int(self._digits)

    def _on_part_begin(self) -> None:
        self._disposition = b""

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _on_headers_finished(self) -> None:
        kind, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"")
        if kind != b"form-data" or name not in self.wanted:
            raise Invalid(fields={name.decode("utf-8", "replace")[:50] or "form": "不认识的内容"})
        if name in self._parts:
            raise Invalid(fields={name.decode(): "只能有一项"})
        self._parts.add(name)
        self._part = name

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._part == POSITION:
            self._digits += data[start:end]
            if len(self._digits) > MAX_POSITION_DIGITS:
                raise Invalid(fields={"position": "要填从 0 开始的序号"})
            return
        self._keep(memoryview(data)[start:end])

    def _on_end(self) -> None:
        self._ended = True


def _write_all(descriptor: int, piece: memoryview) -> None:
    try:
        written = os.write(descriptor, piece)
        while written < len(piece):
            written += os.write(descriptor, piece[written:])
    except OSError as error:
        raise StorageError from error
