"""EXIF becomes columns where it makes sense, and nothing where it does not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from server.photos.pictures.derived import Shot
from server.photos.pictures.metadata import CHANGED_AT, EXIF_IFD, GPS_IFD, MAKE, MODEL, TIMES, read_exif
from tests.support import images
from tests.support.examples import examples

(TAKEN_AT, TAKEN_OFFSET), (DIGITAL_AT, _) = TIMES


def block(
    main: dict[int, Any] | None = None, detail: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> bytes:
    exif = Image.Exif()
    exif.update(main or {})
    if detail:
        exif.get_ifd(EXIF_IFD).update(detail)
    if gps:
        exif.get_ifd(GPS_IFD).update(gps)
    return exif.tobytes()


def place(latitude: Any, longitude: Any, north: Any = "N", east: Any = "E") -> dict[int, Any]:
    return {1: north, 2: latitude, 3: east, 4: longitude}


def test_time_place_device_and_orientation_are_read() -> None:
    shot = read_exif(images.exif(6).tobytes())
    assert shot == Shot(datetime(2026, 11, 20, 1, 15, 30, tzinfo=UTC), *images.QINGDAO, "HUAWEI ALN-AL00", 6)


@pytest.mark.parametrize("nothing", [None, b"", b"Exif\0\0", b"noise" * 20])
def test_without_exif_nothing_is_known(nothing: bytes | None) -> None:
    assert read_exif(nothing) == Shot()


@pytest.mark.parametrize(
    ("main", "detail", "hour"),
    [
        ({}, {TAKEN_AT: "2026:11:20 09:00:00", TAKEN_OFFSET: "+08:00"}, 1),
        ({}, {TAKEN_AT: "2026:11:20 09:00:00", TAKEN_OFFSET: "-03:00"}, 12),
        ({}, {TAKEN_AT: "2026:11:20 09:00:00"}, 1),
        ({}, {TAKEN_AT: "2026-11-20 09:00:00"}, 1),
        ({}, {TAKEN_AT: "2026:11:20 09:00:00", TAKEN_OFFSET: "whenever"}, 1),
        ({CHANGED_AT: "2026:11:20 09:00:00"}, {}, 1),
        ({CHANGED_AT: "2026:11:20 22:00:00"}, {TAKEN_AT: "2026:11:20 09:00:00"}, 1),
        ({}, {TAKEN_AT: "2026-11-20T01:00:00Z"}, 1),
        ({}, {TAKEN_AT: "2026-11-20T09:00:00.123+08:00", TAKEN_OFFSET: "+00:00"}, 1),
        ({}, {TAKEN_AT: "2026:11:20 10:00:00+0900"}, 1),
        ({}, {TAKEN_AT: "2026/11/20 09:00"}, 1),
        ({}, {TAKEN_AT: "2026:11:20 9:00:00 上午".encode()}, 1),
        ({}, {TAKEN_AT: "2026:11:20 下午 10:00:00".encode()}, 14),
        ({}, {TAKEN_AT: "2026:11:19 24:00:00", TAKEN_OFFSET: "+00:00"}, 0),
        ({CHANGED_AT: "2026:11:20 09:00:00"}, {TAKEN_AT: "    :  :     :  :  "}, 1),
        ({CHANGED_AT: "2026:11:20 09:00:00"}, {TAKEN_AT: "0000:00:00 00:00:00"}, 1),
        ({CHANGED_AT: "2026:11:21 09:00:00"}, {TAKEN_AT: " ", DIGITAL_AT: "2026:11:20 09:00:00"}, 1),
    ],
)
def test_a_time_without_an_offset_is_shanghais(main: dict[int, Any], detail: dict[int, Any], hour: int) -> None:
    assert read_exif(block(main, detail)).taken_at == datetime(2026, 11, 20, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "when",
    ["0000:00:00 00:00:00", "2026:13:01 00:00:00", "1970:01:01 00:00:00", "yesterday", "    ", "9999:12:31 23:59:59"],
)
def test_a_time_that_cannot_be_is_no_time(when: str) -> None:
    assert read_exif(block(detail={TAKEN_AT: when})).taken_at is None


def test_without_any_other_date_that_of_the_satellites_counts() -> None:
    gps = {7: (1, 0, 0), 29: "2026:11:20"}
    assert read_exif(block({CHANGED_AT: "  :  "}, gps=gps)).taken_at == datetime(2026, 11, 20, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("make", "model", "device"),
    [
        ("华为".encode(), "Mate 60 Pro\u202e".encode(), "华为 Mate 60 Pro"),
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        ("Caméra".encode("latin-1"), "X", "Caméra X"),
    ],
)
def test_the_device_is_called_what_its_maker_calls_it(make: str | bytes, model: str | bytes, device: str) -> None:
    assert read_exif(block({MAKE: make, MODEL: model})).device == device


def test_south_and_west_are_negative() -> None:
    shot = read_exif(block(gps=place((33, 30, 0), (70, 15, 36), "S", "W")))
    assert (shot.latitude, shot.longitude) == (-33.5, -70.26)


@pytest.mark.parametrize(
    "gps",
    [
        place((0, 0, 0), (0, 0, 0)),
        place((91, 0, 0), (120, 0, 0)),
        place((36, 0, 0), (181, 0, 0)),
        place((36, 0, 0), (120, 0, 0), "X", "E"),
        place((36, 0), (120, 0, 0)),
        place(36.0, 120.0),
        place((IFDRational(1, 0), 0, 0), (120, 0, 0)),
        {2: (36, 0, 0), 4: (120, 0, 0)},
        {1: "N", 2: (36, 0, 0)},
    ],
)
def test_a_place_that_cannot_be_is_no_place(gps: dict[int, Any]) -> None:
    shot = read_exif(block(gps=gps))
    assert (shot.latitude, shot.longitude) == (None, None)


@pytest.mark.parametrize(
    ("make", "model", "device"),
    [
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        ("HUAWEI", "HUAWEI P60", "HUAWEI P60"),
        ("", "ALN-AL00", "ALN-AL00"),
        ("Xiaomi\0\0\0", "  Mi 14 ", "Xiaomi Mi 14"),
        ("x" * 300, "y", "x" * 100),
        ("\x01\x02", "", None),
    ],
)
def test_the_device_is_make_and_model(make: str, model: str, device: str | None) -> None:
    assert read_exif(block({MAKE: make, MODEL: model})).device == device


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_upright(orientation: int) -> None:
    assert read_exif(block({0x0112: orientation})).orientation == 1


@given(data=st.data())
@hypothesis_settings(max_examples=examples(125, full=500), deadline=None)
def test_mangled_exif_never_breaks_anything(data: st.DataObject) -> None:
    content = bytearray(images.exif().tobytes())
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    shot = read_exif(bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert 1 <= shot.orientation <= 8
    assert (shot.latitude is None) == (shot.longitude is None)
    assert shot.device is None or len(shot.device) <= 100
