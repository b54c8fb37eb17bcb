"""Finding copies of photos: what a lookup costs among a million fingerprints, how many copies are found, what else is.

Recall is measured on real photographs (`--photos FOLDER`). Half of them are known, the others are strangers that must
find nothing. Every known one is copied in each way, and each copy goes the whole way that a new photo goes: spots,
lookups both ways round, comparison of the pictures.
"""

import random
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np

from bench_parts.options import Options
from bench_parts.rounds import Measure, table, take_turns
from bench_parts.stage import Stage
from server.photos.copies.comparing import View, compare, view_of
from server.photos.copies.finding import CANDIDATES
from server.photos.copies.fingerprints import spots_of
from server.photos.copies.prints import PrintIndex
from server.photos.copies.spots import SPOTS
from server.photos.pictures.decoding import Pixels, shrink
from server.photos.pictures.derivatives import DISPLAY_SIDE
from tests.support.pictures import compressed, flipped, picture, resized, turned

MILLION = 1_000_000
SMALLEST = 500  # pixels of a photograph's shorter side
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
Change = Callable[[Pixels, random.Random], Pixels]


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Costs, then recall, as tables and as data."""
    del stage  # nothing is served here
    costs = take_turns(_costs(), options.rounds, options.say)
    rows = [[name, each.median("cpu_ms"), each.median("ms")] for name, each in costs.items()]
    text = table(["one thread", "CPU ms", "ms"], rows)
    found: dict[str, Any] = {name: each.report() for name, each in costs.items()}
    if options.photos is None:
        return f"{text}\n\nNo recall: give a folder of photographs by --photos.", found
    recall, found["recall"] = _recall(options.photos, options.say)
    return f"{text}\n\n{recall}", found


# --- cost -------------------------------------------------------------------------------------------------------------


def _costs() -> dict[str, Measure]:
    pixels = picture(1)
    view, other = view_of(pixels), view_of(picture(2))
    index = _million()
    spots = spots_of(view.strongest)
    sketch = int(spots["sketch"][0])
    return {
        "one lookup among a million fingerprints": lambda _: _timed(lambda: index.lookup(sketch), 50),
        f"a whole photo: {SPOTS} lookups among them": lambda _: _timed(lambda: index.find(spots), 3),
        "the print of a photo from its pixels": lambda _: _timed(lambda: spots_of(view_of(pixels).strongest), 5),
        "comparing two pictures, their spots known": lambda _: _timed(lambda: compare(view, other), 10),
    }


def _million() -> PrintIndex:
    index, noise = PrintIndex(), np.random.default_rng(1)
    spots = spots_of(view_of(picture(3)).strongest)
    for number in range(MILLION // SPOTS):
        other = spots.copy()
        other["sketch"] = noise.integers(0, 1 << 64, len(spots), dtype=np.uint64)
        index.add(UUID(int=number), other)
    return index


def _timed(work: Callable[[], object], runs: int) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.thread_time()
    for _ in range(runs):
        work()
    return {
        "ms": (time.perf_counter() - wall) * 1000 / runs,
        "cpu_ms": (time.thread_time() - cpu) * 1000 / runs,
    }


# --- recall -----------------------------------------------------------------------------------------------------------


def _cropped(pixels: Pixels, chance: random.Random) -> Pixels:
    """5 to 30 % of both sides gone, wherever."""
    height, width = pixels.shape[:2]
    share = chance.uniform(0.05, 0.3)
    left, top = int(width * share * chance.random()), int(height * share * chance.random())
    return pixels[top : top + int(height * (1 - share)), left : left + int(width * (1 - share))]


def _everything(pixels: Pixels, chance: random.Random) -> Pixels:
    pixels = flipped(pixels) if chance.random() < 0.5 else pixels
    pixels = turned(_cropped(pixels, chance), chance.choice((-1, 1)) * chance.uniform(1, 5))
    return compressed(resized(pixels, chance.uniform(0.35, 0.75)), chance.choice((40, 60, 80)))


CHANGES: dict[str, Change] = {
    "compressed again, q40–90": lambda each, chance: compressed(each, chance.randrange(40, 91)),
    "resized to 25–75 %": lambda each, chance: compressed(resized(each, chance.uniform(0.25, 0.75)), 80),
    "cropped by 5–30 %": lambda each, chance: compressed(_cropped(each, chance), 85),
    "turned by 1–5°": lambda each, chance: compressed(turned(each, chance.choice((-1, 1)) * chance.uniform(1, 5)), 85),
    "mirrored": lambda each, _: compressed(flipped(each), 85),
    "all of these at once": _everything,
}


def _recall(folder: Path, say: Callable[[str], None]) -> tuple[str, dict[str, Any]]:
    photos = list(_photographs(folder))
    known, strangers = photos[::2], photos[1::2]
    views = [view_of(each) for each in known]
    index = PrintIndex()
    for number, view in enumerate(views):
        index.add(UUID(int=number), spots_of(view.strongest))
    chance = random.Random(20261123)
    rows, data = [], {}
    for name, change in CHANGES.items():
        say(name)
        found = [_found(index, views, change(each, chance)) for each in known]
        hits = sum(number in each for number, each in enumerate(found))
        others = sum(len(each - {number}) for number, each in enumerate(found))
        rows.append([name, f"{hits} of {len(known)}", f"{100 * hits / len(known):.1f} %", others])
        data[name] = {"copies": len(known), "found": hits, "others": others}
    say("strangers")
    alarms = sum(bool(_found(index, views, each)) for each in strangers)
    rows.append([f"{len(strangers)} strangers", "—", "—", alarms])
    data["strangers"] = {"photos": len(strangers), "found something": alarms}
    return table(["copies", "found", "recall", "other photos said to be copies"], rows), data


def _photographs(folder: Path) -> Iterable[Pixels]:
    """Every photograph below the folder, at the size of a display picture; the order does not depend on the disk."""
    for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in SUFFIXES):
        pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if pixels is not None and min(pixels.shape[:2]) >= SMALLEST:
            yield shrink(np.asarray(pixels, np.uint8), DISPLAY_SIDE)


def _found(index: PrintIndex, views: list[View], pixels: Pixels) -> set[int]:
    view = view_of(pixels)
    return {
        candidate.photo_id.int
        for each in (view, view.mirrored())
        for candidate in index.find(spots_of(each.strongest))[:CANDIDATES]
        if compare(each, views[candidate.photo_id.int]).is_copy
    }
