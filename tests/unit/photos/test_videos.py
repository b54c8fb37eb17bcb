"""Whether a file is a whole, short video is told from its boxes, and nothing else can come of any content."""

import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.photos.formats import Picture
from server.photos.upload.refusals import PhotoRefused, VideoRefused
from server.photos.videos.inspecting import MAX_RUNS, inspect_video
from tests.support import images, videos
from tests.support.examples import examples

WHOLE = videos.video(1).content
SIZE = (192, 144)


@pytest.fixture
def look(tmp_path: Path) -> Callable[[bytes], Picture]:
    """Inspect these bytes as a file."""

    def inspect_bytes(content: bytes) -> Picture:
        (tmp_path / "upload").write_bytes(content)
        return inspect_video(tmp_path / "upload")

    return inspect_bytes


def patched(kind: bytes, at: int, number: int, nth: int = 0) -> bytes:
    """With four bytes of the content of a box of that kind changed."""
    content, start = bytearray(WHOLE), -1
    for _ in range(nth + 1):
        start = WHOLE.index(kind, start + 1)
    content[start + 4 + at : start + 8 + at] = struct.pack(">I", number)
    return bytes(content)


HOSTILE = {
    "a photo": (images.jpeg(1).content, "video_type"),
    "a still in the same boxes": (images.heic(1).content, "video_type"),
    "text": ("不是视频".encode(), "video_type"),
    "sound alone": (WHOLE.replace(b"vide", b"text"), "video_type"),
    "cut in the midst of the pictures": (WHOLE[: len(WHOLE) // 2], "video_truncated"),
    "cut in the index": (WHOLE[:-500], "video_truncated"),
    "the first bytes alone": (WHOLE[:32], "video_type"),
    "an index that reaches beyond the file": (patched(b"moov", -8, 2**31), "video_truncated"),
    "a box shorter than its head": (patched(b"mvhd", -8, 4), "video_damaged"),
    "no units a second": (patched(b"mdhd", 12, 0), "video_damaged"),
    "a billion runs declared": (patched(b"stts", 4, 2**30), "video_damaged"),
    "more runs than anybody needs": (patched(b"stts", 4, MAX_RUNS + 1), "video_damaged"),
    "an hour by its head": (patched(b"mvhd", 16, 3_600_000), "video_too_long"),
    "an hour by its samples": (patched(b"stts", 12, 2**31), "video_too_long"),
    "no samples": (patched(b"stts", 8, 0), "video_damaged"),
    "larger than any phone": (patched(b"avc1", 24, 16_000 << 16 | 16_000, nth=1), "video_too_many_pixels"),
    "no size": (patched(b"avc1", 24, 0, nth=1), "video_damaged"),
    "another codec": (WHOLE.replace(b"avc1", b"ap4h"), "video_codec"),
    "another sound": (WHOLE.replace(b"mp4a", b"samr"), "video_codec"),
    "two indexes": (WHOLE + WHOLE[WHOLE.index(b"moov") - 4 :], "video_damaged"),
    "a stream in fragments": (WHOLE + struct.pack(">I", 8) + b"moof", "video_damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_whole_short_video_is_refused_with_its_reason(look: Callable[[bytes], Picture], name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(VideoRefused) as refused:
        look(content)
    assert refused.value.code == code


def test_what_phones_make_is_taken(look: Callable[[bytes], Picture]) -> None:
    assert look(WHOLE) == Picture("video/mp4", *SIZE, 1.0)
    assert look(videos.video(1, kind="mov").content) == Picture("video/quicktime", *SIZE, 1.0)
    assert look(videos.video(1, "libx265", sound="").content) == Picture("video/mp4", *SIZE, 1.0)
    assert look(patched(b"mvhd", 16, 15_400)).seconds == 15.4  # phones stop a little late


@given(data=st.data())
@settings(
    max_examples=examples(25, full=600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_content_leads_to_anything_but_a_refusal(look: Callable[[bytes], Picture], data: st.DataObject) -> None:
    content, index = bytearray(WHOLE), WHOLE.index(b"moov")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.one_of(st.integers(0, 64), st.integers(index - 4, len(WHOLE) - 1)))
        content[at] = data.draw(st.integers(0, 255))
    with suppress(PhotoRefused):
        look(bytes(content[: data.draw(st.integers(1, len(content)))]))
