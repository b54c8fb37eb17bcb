"""Copies of a picture are found among others, and nothing else is."""

from collections.abc import Callable
from uuid import UUID

import numpy as np
import pytest

from server.core import sandbox
from server.photos.copies.comparing import ENOUGH, View, compare, view_of
from server.photos.copies.fingerprints import spots_of
from server.photos.copies.limited import compare_limited, look_limited
from server.photos.copies.prints import TOLERANCE, PrintIndex, lookup
from server.photos.copies.spots import SPOTS, pack, unpack
from server.photos.pictures.decoding import Pixels
from tests.support.pictures import compressed, cropped, flipped, picture, resized, turned, workshop

PICTURES = 12


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "compressed hard": lambda each: compressed(each, 40),
    "resized to a quarter": lambda each: resized(each, 0.25),
    "cropped by 30 %": lambda each: cropped(each, 0.3),
    "turned by 5°": lambda each: turned(each, 5),
    "mirrored": flipped,
    "all of it": lambda each: compressed(resized(turned(cropped(flipped(each), 0.2), -3), 0.5), 60),
}


@pytest.fixture(scope="module")
def views() -> list[View]:
    return [view_of(picture(seed)) for seed in range(PICTURES)]


@pytest.fixture(scope="module")
def index(views: list[View]) -> PrintIndex:
    made = PrintIndex()
    for number, view in enumerate(views):
        made.add(UUID(int=number), spots_of(view.strongest))
    return made


def found_by(index: PrintIndex, views: list[View], pixels: Pixels) -> set[int]:
    """The pictures that these pixels are found to be a copy of."""
    view = view_of(pixels)
    return {
        candidate.photo_id.int
        for each in (view, view.mirrored())
        for candidate in index.find(spots_of(each.strongest))
        if compare(each, views[candidate.photo_id.int]).is_copy
    }


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_leads_to_its_original_and_to_nothing_else(index: PrintIndex, views: list[View], change: str) -> None:
    missed = [seed for seed in range(PICTURES) if found_by(index, views, CHANGES[change](picture(seed))) != {seed}]
    assert missed == []


def test_other_pictures_are_no_copies(index: PrintIndex, views: list[View]) -> None:
    assert [found_by(index, views, picture(seed)) for seed in range(100, 106)] == [set()] * 6


def test_two_photos_that_show_one_thing_in_different_rooms_are_no_copies() -> None:
    thing, room, another = (picture(seed) for seed in (1, 201, 202))
    views = [view_of(np.hstack([thing[:, :600], each[:, 600:]])) for each in (room, another)]
    comparison = compare(*views)
    assert comparison.spots >= ENOUGH
    assert not comparison.is_copy


def test_an_empty_wall_has_no_print_and_finds_nothing(index: PrintIndex, views: list[View]) -> None:
    wall = np.full((600, 800, 3), 180, np.uint8)
    assert len(spots_of(view_of(wall).strongest)) == 0
    assert found_by(index, views, wall) == set()


def test_a_child_that_has_loaded_nothing_yet_looks_and_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    """What OpenCV maps while it is loaded counts against the limit of the first call."""
    monkeypatch.setattr(sandbox, "_pool", pool := sandbox._Pool())
    photo, mirrored, another = (workshop(*each).content for each in ((1,), (1, flipped), (2,)))
    assert len(unpack(look_limited(photo).mirrored)) == SPOTS
    fitting = compare_limited(photo, [mirrored, photo, another], is_mirrored=True)
    assert [spots >= ENOUGH for spots in fitting] == [True, False, False]
    for child in pool._idle:
        child.end()


def test_a_print_survives_being_kept(views: list[View]) -> None:
    spots = spots_of(views[0].strongest)
    assert len(spots) == SPOTS
    assert (unpack(pack(spots)) == spots).all()


def test_a_lookup_is_exact() -> None:
    sketches = np.random.default_rng(1).integers(0, 1 << 63, 100_000, dtype=np.uint64)
    asked = sketches[70_000] ^ np.uint64(0b1111111111)
    expected = [place for place, each in enumerate(sketches) if (int(each) ^ int(asked)).bit_count() <= TOLERANCE]
    assert 70_000 in expected
    assert lookup(sketches, asked).tolist() == expected


def test_an_index_outgrows_its_first_block_without_losing_anything(views: list[View]) -> None:
    index = PrintIndex()
    spots = spots_of(views[3].strongest)
    noise = np.random.default_rng(2)
    for number in range(1, 1500):
        other = spots.copy()
        other["sketch"] = noise.integers(0, 1 << 63, len(other), dtype=np.uint64)
        index.add(UUID(int=number), other)
    index.add(UUID(int=5000), spots)
    assert len(index) == 1500 * SPOTS
    assert index.find(spots)[0].photo_id == UUID(int=5000)
