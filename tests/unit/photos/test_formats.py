"""Whether a file is a whole photo is told from its structure, and nothing else can come of it."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from server.photos.formats import Picture, inspect
from server.photos.upload.refusals import PhotoRefused
from tests.support import images
from tests.support.examples import examples

CAP = 100_000_000
MANY = hypothesis_settings(
    max_examples=examples(150, full=600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SMALL = (96, 64)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def small(mode: str = "RGB") -> Image.Image:
    return images.picture(1, SMALL).convert(mode)


def heif(**options: object) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(small()).save(buffer, quality=40, **options)
    return buffer.getvalue()


def heif_sequence() -> bytes:
    """Two pictures under the brand of a sequence."""
    return heif().replace(b"ftypheic", b"ftyphevc", 1)


WHOLE = {
    "jpeg": encoded(small(), "JPEG", exif=images.exif()),
    "progressive jpeg": encoded(small(), "JPEG", progressive=True),
    "restarting jpeg": encoded(small(), "JPEG", restart_marker_blocks=1),
    "grey jpeg": encoded(small("L"), "JPEG"),
    "cmyk jpeg": encoded(small("CMYK"), "JPEG"),
    "png": encoded(small(), "PNG"),
    "palette png": encoded(small("P"), "PNG"),
    "webp": encoded(small(), "WEBP"),
    "lossless webp": encoded(small("RGBA"), "WEBP", lossless=True),
    "extended webp": encoded(small(), "WEBP", exif=images.exif()),
    "heic": heif(exif=images.exif().tobytes()),
}
TYPES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "heic": "image/heic"}


@pytest.fixture
def look(tmp_path: Path) -> Callable[[bytes], Picture]:
    """Inspect these bytes as a file."""
    path = tmp_path / "upload"

    def inspect_bytes(content: bytes, cap: int = CAP) -> Picture:
        path.write_bytes(content)
        return inspect(path, cap, 2**30)

    return inspect_bytes


def refusal(look: Callable[..., Picture], content: bytes, cap: int = CAP) -> str:
    with pytest.raises(PhotoRefused) as refused:
        look(content, cap)
    return refused.value.code


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_photo_is_recognised_with_its_size(look: Callable[..., Picture], name: str) -> None:
    assert look(WHOLE[name]) == Picture(TYPES[name.split()[-1]], *SMALL)


@pytest.mark.parametrize("name", WHOLE)
def test_what_follows_a_whole_photo_does_no_harm(look: Callable[..., Picture], name: str) -> None:
    if name == "heic":
        follower = struct.pack(">I", 24) + b"mpvd" + b"\0" * 16  # a phone's motion clip is a box of its own
    else:
        follower = b"<script>alert(1)</script>PK\x03\x04"
    assert look(WHOLE[name] + follower) == Picture(TYPES[name.split()[-1]], *SMALL)


@pytest.mark.parametrize(
    "follower",
    [
        b"\xe5\x75\x00\x00\xea\x8d\xb2\xd5" * 600,
        b"\0" * 40,
        b"x",
        struct.pack(">I", 24) + b"ftypisom\0\0\0\0isomiso2" + struct.pack(">I", 16) + b"moov" + b"\0" * 8,
        struct.pack(">I", 24) + b"ftypisom\0\0\0\0isomiso2" + struct.pack(">I", 1600) + b"mdat" + b"\0" * 8,
    ],
    ids=["raw bytes", "padding", "one byte", "a film", "a film that is cut off"],
)
def test_whatever_follows_a_whole_heic_is_left_alone(look: Callable[..., Picture], follower: bytes) -> None:
    assert look(WHOLE["heic"] + follower) == Picture("image/heic", *SMALL)
    pillow_heif.open_heif(WHOLE["heic"] + follower).to_pillow()  # our decoder thinks so too


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def heic_of_tiles(
    width: int, height: int, *, rows: int = 1, columns: int = 1, claimed: tuple[int, int] = SMALL
) -> bytes:
    """A grid of `width` × `height` pixels over one small tile, its size `claimed` to be another."""
    grid = bytes([0, 1, rows - 1, columns - 1]) + struct.pack(">II", width, height)
    kinds = [
        box(b"infe", b"\2\0\0\0" + struct.pack(">HH", item, 0) + kind + b"\0")
        for item, kind in ((1, b"grid"), (2, b"hvc1"))
    ]
    places = struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid)) + struct.pack(">HHHHII", 2, 1, 0, 1, 0, 1)
    size = box(b"ispe", b"\0" * 4 + struct.pack(">II", *SMALL))
    meta = (
        box(b"pitm", b"\0" * 4 + b"\0\1")
        + box(b"iinf", b"\0" * 4 + b"\0\2" + b"".join(kinds))
        + box(b"iloc", b"\1\0\0\0\x44\0\0\2" + places)
        + box(b"iprp", box(b"ipco", size) + box(b"ipma", b"\0" * 4 + struct.pack(">IHBB", 1, 1, 1, 1)))
        + box(b"idat", grid)
    )
    return box(b"ftyp", b"heic\0\0\0\0heicmif1") + box(b"meta", b"\0" * 4 + meta)


def test_the_size_of_a_grid_is_read_from_the_grid_itself(look: Callable[..., Picture]) -> None:
    assert look(heic_of_tiles(*SMALL)) == Picture("image/heic", *SMALL)
    assert refusal(look, heic_of_tiles(40_000, 20_000)) == "photo_too_many_pixels"
    assert refusal(look, heic_of_tiles(*SMALL, rows=200, columns=200)) == "photo_too_costly"


def with_many_scans(scans: int, width: int, height: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    content = bytearray(WHOLE["progressive jpeg"])
    struct.pack_into(">HH", content, content.index(b"\xff\xc2") + 5, height, width)
    last = bytes(content[content.rindex(b"\xff\xda") : -2])
    return bytes(content[:-2]) + last * (scans - content.count(b"\xff\xda")) + b"\xff\xd9"


def test_what_would_take_very_long_or_very_much_to_open_is_refused(look: Callable[..., Picture]) -> None:
    assert look(with_many_scans(98, *SMALL)).width == SMALL[0]
    assert look(with_many_scans(10, 8000, 6000)).width == 8000
    assert refusal(look, with_many_scans(98, 8000, 6000)) == "photo_too_costly"
    assert refusal(look, with_many_scans(10, 12_000, 9000), cap=2 * CAP) == "photo_too_costly"


@pytest.mark.parametrize("kind", ["lossless webp", "webp"])
def test_a_webp_that_would_take_gigabytes_is_refused(look: Callable[..., Picture], kind: str) -> None:
    assert look(resized_webp(WHOLE[kind], 8000, 6000)).width == 8000
    assert refusal(look, resized_webp(WHOLE[kind], 10_000, 9000)) == "photo_too_costly"


def resized_webp(content: bytes, width: int, height: int) -> bytes:
    """Another size in a plain WebP's header."""
    changed = bytearray(content)
    if content[12:16] == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        struct.pack_into("<I", changed, 21, (bits & 0xF0000000) | (height - 1) << 14 | (width - 1))
    else:
        struct.pack_into("<HH", changed, 26, width, height)
    return bytes(changed)


@pytest.mark.parametrize("kind", ["html", "svg", "gif", "pdf", "zip", "text"])
def test_something_else_is_refused_by_type(look: Callable[..., Picture], kind: str) -> None:
    assert refusal(look, images.disguised(kind).content) == "photo_type"


OTHER_TYPES = {
    "avif": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf\0\0\0\0" + b"\0" * 64,
    "generic with avif": b"\0\0\0\x1cftypmif1\0\0\0\0avifmif1miaf" + b"\0\0\0\x08meta" + b"\0" * 64,
    "mp4": b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"\0" * 64,
    "tiff": b"II*\0" + b"\0" * 64,
    "bmp": encoded(small(), "BMP"),
    "lossless jpeg": WHOLE["jpeg"].replace(b"\xff\xc0", b"\xff\xc3", 1),
    "12-bit jpeg": WHOLE["grey jpeg"].replace(b"\xff\xc0\x00\x0b\x08", b"\xff\xc0\x00\x0b\x0c", 1),
}


@pytest.mark.parametrize("name", OTHER_TYPES)
def test_kinds_that_cannot_be_shown_are_refused_by_type(look: Callable[..., Picture], name: str) -> None:
    assert refusal(look, OTHER_TYPES[name]) == "photo_type"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_moving_picture_is_refused(look: Callable[..., Picture], kind: str) -> None:
    assert refusal(look, images.animated(kind).content) == "photo_animated"


def test_a_heif_sequence_is_refused(look: Callable[..., Picture]) -> None:
    assert refusal(look, heif_sequence()) == "photo_animated"


def test_an_empty_file_is_refused(look: Callable[..., Picture]) -> None:
    assert refusal(look, b"") == "photo_empty"


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


def resized_jpeg(width: int, height: int) -> bytes:
    content = WHOLE["grey jpeg"]
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


@pytest.mark.parametrize(
    "content",
    [png_of(60_000, 60_000), resized_jpeg(60_000, 60_000), images.bomb().content],
    ids=["png", "jpeg", "1-bit png"],
)
def test_a_bomb_is_refused_by_its_header(look: Callable[..., Picture], content: bytes) -> None:
    assert refusal(look, content) == "photo_too_many_pixels"


@pytest.mark.parametrize("name", WHOLE)
def test_the_cap_on_pixels_is_exact(look: Callable[..., Picture], name: str) -> None:
    pixels = SMALL[0] * SMALL[1]
    assert look(WHOLE[name], pixels).width == SMALL[0]
    assert refusal(look, WHOLE[name], pixels - 1) == "photo_too_many_pixels"


@pytest.mark.parametrize("content", [png_of(0, 10), png_of(70_000, 10), resized_jpeg(0, 10), resized_jpeg(10, 0)])
def test_impossible_sizes_are_refused(look: Callable[..., Picture], content: bytes) -> None:
    assert refusal(look, content) == "photo_damaged"


def test_a_jpeg_made_of_endless_scans_is_refused(look: Callable[..., Picture]) -> None:
    content = WHOLE["grey jpeg"]
    at = content.index(b"\xff\xda")
    scan = content[at:-2]
    assert refusal(look, content[:-2] + scan * 200 + b"\xff\xd9") == "photo_damaged"


def test_a_jpeg_with_two_frames_is_refused(look: Callable[..., Picture]) -> None:
    content = WHOLE["grey jpeg"]
    at = content.index(b"\xff\xc0")
    frame = content[at : at + 13]
    assert refusal(look, content[:at] + frame + content[at:]) == "photo_damaged"


def test_stray_bytes_between_segments_are_forgiven(look: Callable[..., Picture]) -> None:
    content = WHOLE["jpeg"]
    at = content.index(b"\xff\xdb")
    assert look(content[:at] + b"\0\0\xff\xff" + content[at:]).width == SMALL[0]


def test_a_png_with_a_wrong_sum_is_refused(look: Callable[..., Picture]) -> None:
    content = bytearray(WHOLE["png"])
    content[len(content) // 2] ^= 1
    assert refusal(look, bytes(content)) == "photo_damaged"


@pytest.mark.parametrize("name", WHOLE)
def test_a_photo_cut_off_anywhere_is_refused(look: Callable[..., Picture], name: str) -> None:
    content = WHOLE[name]
    cuts = {*range(1, 200), *range(200, len(content), 37), len(content) - 2, len(content) - 1}
    codes = {refusal(look, content[:cut]) for cut in cuts if cut < len(content)}
    assert codes <= {"photo_truncated", "photo_type", "photo_damaged"}
    assert refusal(look, content[: len(content) // 2]) == "photo_truncated"


@given(data=st.data())
@MANY
def test_a_mangled_photo_is_taken_or_refused_but_breaks_nothing(
    look: Callable[..., Picture], data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from(list(WHOLE.values())), "photo"))
    places = st.one_of(st.integers(0, min(400, len(content) - 1)), st.integers(0, len(content) - 1))
    for place in data.draw(st.lists(places, max_size=6), "where"):
        content[place] = data.draw(st.integers(0, 255), "byte")
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(content))), "cut")
    with suppress(PhotoRefused):
        look(bytes(content[:cut]))


STARTS = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBP", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"]


@given(content=st.binary(max_size=300), start=st.sampled_from(STARTS))
@MANY
def test_noise_after_a_photos_first_bytes_is_refused(
    look: Callable[..., Picture], content: bytes, start: bytes
) -> None:
    assert refusal(look, start + content).startswith("photo_")


@pytest.mark.parametrize("kind", PhotoRefused.__subclasses__())
def test_every_refusal_tells_the_worker_what_is_safe(kind: type[PhotoRefused]) -> None:
    assert "不会丢" in kind.message
