"""All prints ever made, in the memory of a worker: which photos have spots like these? Exact: every sketch is compared.

28 bytes per spot: what is kept of it, its sketch once more for the search, its owner. With 32 spots a photo, 100 000
photos are 90 MB. Only workers have it.
"""

import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from server.photos.copies.spots import DEGREES, SPOT, UNITS, Spots, unpack
from server.photos.models import PhotoPrint

TOLERANCE = 10  # bits of 64 in which sketches of one spot may differ
BLOCK = 1 << 16  # sketches compared at a time: as many as fit into the processor's cache
TURN = 20.0  # degrees that a copy may be turned by; the direction of a spot is good to a few
STRETCH = 3.0  # how much larger or smaller a spot may be in a copy, both held to the same long side
BATCH = 2000  # rows read at a time
OVERLAP = 2000  # numbers looked at again: what was numbered earlier may be committed later

Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo in which at least two spots lie to each other as in the one asked about; `spots`: how many do."""

    photo_id: UUID
    spots: int


class PrintIndex:
    """Grows by what was added to the table; one per database and process. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spots: Spots = np.zeros(BLOCK, SPOT)
        self._sketches = np.zeros(BLOCK, np.uint64)
        self._owners = np.zeros(BLOCK, np.int32)
        self._count = 0
        self._photos: list[UUID] = []
        self._last = 0
        self._known: set[int] = set()  # numbers above _last - OVERLAP

    def __len__(self) -> int:
        return self._count

    def refresh(self, session: Session) -> None:
        """Read the prints that are not here yet."""
        with self._lock:
            self._read_after(session, self._last)
            start = max(0, self._last - OVERLAP)
            self._known = {number for number in self._known if number > start}
            if _stock_of(session, start, self._last) != (len(self._known), sum(self._known)):
                known, self._known = self._known, set()
                self._read_after(session, start, known)

    def _read_after(self, session: Session, number: int, known: frozenset[int] | set[int] = frozenset()) -> None:
        while rows := session.execute(_rows_after(number)).all():
            for number, photo_id, sketches in rows:
                self._known.add(number)
                if number not in known:
                    self._append(photo_id, unpack(sketches))
            self._last = max(self._last, number)

    def add(self, photo_id: UUID, spots: Spots) -> None:
        """Put one print in by hand."""
        with self._lock:
            self._append(photo_id, spots)

    def _append(self, photo_id: UUID, spots: Spots) -> None:
        end = self._count + len(spots)
        if end > len(self._sketches):  # searches under way keep the arrays they have
            room = max(end, 2 * len(self._sketches))
            self._spots, self._sketches, self._owners = (
                np.concatenate([each, np.zeros(room - len(each), each.dtype)])
                for each in (self._spots, self._sketches, self._owners)
            )
        here = slice(self._count, end)
        self._spots[here], self._sketches[here], self._owners[here] = spots, spots["sketch"], len(self._photos)
        self._photos.append(photo_id)
        self._count = end

    def lookup(self, sketch: int) -> Numbers:
        """Where in the array sketches like this one stand. Exact."""
        return lookup(self._sketches[: self._count], np.uint64(sketch))

    def find(self, spots: Spots) -> list[Candidate]:
        """Photos that have at least two of these spots, lying to each other in the same way; the likeliest first."""
        with self._lock:
            here = slice(0, self._count)
            theirs, sketches, owners = self._spots[here], self._sketches[here], self._owners[here]
        asked, found = _hits(sketches, spots["sketch"])
        plausible = _may_be_one_spot(spots[asked], theirs[found])
        asked, found = asked[plausible], found[plausible]
        order = np.argsort(owners[found], kind="stable")
        asked, found = asked[order], found[order]
        of_whom = owners[found]
        candidates = []
        for group in np.split(np.arange(len(of_whom)), np.flatnonzero(np.diff(of_whom)) + 1):
            if len(group) > 1:
                fitting = _fitting(spots[asked[group]], theirs[found[group]])
                if fitting > 1:
                    candidates.append(Candidate(self._photos[of_whom[group[0]]], fitting))
        return sorted(candidates, key=lambda each: -each.spots)


def lookup(sketches: Any, sketch: np.uint64) -> Numbers:
    """Where `sketches` differ from `sketch` in at most TOLERANCE bits."""
    found = [
        np.flatnonzero(np.bitwise_count(sketches[start : start + BLOCK] ^ sketch) <= TOLERANCE) + start
        for start in range(0, len(sketches), BLOCK)
    ]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _hits(sketches: Any, asked: Any) -> tuple[Numbers, Numbers]:
    """Pairs of places, in `asked` and in `sketches`, that are alike. Block by block: each is read once."""
    ours: list[Numbers] = []
    theirs: list[Numbers] = []
    for start in range(0, len(sketches), BLOCK):
        block = sketches[start : start + BLOCK]
        for place, sketch in enumerate(asked):
            found = np.flatnonzero(np.bitwise_count(block ^ sketch) <= TOLERANCE)
            if len(found):
                ours.append(np.full(len(found), place))
                theirs.append(found + start)
    if not ours:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(ours), np.concatenate(theirs)


def _turn_of(one: Any, other: Any) -> Any:
    """The angle from one direction to the other, in degrees, -180 to 180."""
    return (other - one + 180.0) % 360.0 - 180.0


def _may_be_one_spot(ours: Spots, theirs: Spots) -> Any:
    """Whether size and direction of each pair allow that one is a copy of the other."""
    turn = _turn_of(ours["angle"] / DEGREES, theirs["angle"] / DEGREES)
    stretch = np.abs(np.log(np.maximum(theirs["size"], 1.0) / np.maximum(ours["size"], 1.0)))
    return (np.abs(turn) <= TURN) & (stretch <= np.log(STRETCH))


def _fitting(ours: Spots, theirs: Spots) -> int:
    """How many pairs lie to some pair as they would in a copy: the way from one to the other turned and stretched as
    the spots are themselves."""
    one, other = (np.stack([each["x"], each["y"]], axis=1) / UNITS for each in (ours, theirs))
    way, copied = one[:, None] - one[None], other[:, None] - other[None]
    length, copied_length = np.hypot(*way.T).T, np.hypot(*copied.T).T
    stretch = (np.maximum(theirs["size"], 1.0) / np.maximum(ours["size"], 1.0))[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        stretched = np.abs(np.log(copied_length / length / stretch))
    turn = _turn_of(_bearing(way), _bearing(copied))
    fits = (length > 10) & (copied_length > 4) & (stretched < np.log(1.4)) & (np.abs(turn) <= TURN)
    return int(fits.sum(axis=1).max()) + 1


def _bearing(ways: Any) -> Any:
    return np.degrees(np.arctan2(ways[..., 1], ways[..., 0]))


def _stock_of(session: Session, after: int, last: int) -> tuple[int, int]:
    """How many prints there are among those numbers, and the sum of theirs: who has all of them knows both."""
    among = PhotoPrint.id.between(after + 1, last)
    count, total = session.execute(select(func.count(), func.coalesce(func.sum(PhotoPrint.id), 0)).where(among)).one()
    return count, int(total)


def _rows_after(number: int) -> Any:
    return (
        select(PhotoPrint.id, PhotoPrint.photo_id, PhotoPrint.sketches)
        .where(PhotoPrint.id > number)
        .order_by(PhotoPrint.id)
        .limit(BATCH)
    )


_indexes: WeakKeyDictionary[Engine, PrintIndex] = WeakKeyDictionary()
_making = threading.Lock()


def index_of(session: Session) -> PrintIndex:
    """The index over the session's database, brought up to date."""
    with _making:
        index = _indexes.setdefault(session.get_bind().engine, PrintIndex())
    index.refresh(session)
    return index
