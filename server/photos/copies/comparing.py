"""Is one picture a copy of the other? Looks at the pictures themselves: do their spots fit in one move, and then all
else too? For children of workers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from server.photos.copies.fingerprints import (
    Features,
    Floats,
    Grey,
    features_of,
    grey_of,
    mirrored,
    mirrored_features,
    read_grey,
    spots_of,
    strongest_of,
)
from server.photos.copies.spots import pack
from server.photos.pictures.decoding import Pixels

ENOUGH = 8  # spots that fit
NEAREST = 0.8  # how much nearer the best partner of a spot must be than the second best (Lowe)
OFF = 3.0  # pixels at the most
TURN = 15.0  # degrees
OVERLAP = 0.2  # of the smaller picture, that both must show
ALIKE = 0.9  # correlation of what both show, once laid over each other
BLUR = 3.0  # pixels: takes away what compressing adds


@dataclass(frozen=True)
class View:
    """A picture at the size it is compared in, and its spots, looked for when they are first asked for. A mirror image
    has those of its `original`."""

    grey: Grey
    original: "View | None" = None

    @cached_property
    def strongest(self) -> Features:
        """The spots that the print is made of."""
        if self.original is not None:
            return mirrored_features(self.original.strongest, self.grey.shape[1])
        return strongest_of(self.grey)

    @cached_property
    def features(self) -> Features:
        """All spots: few pictures are compared, so few need them."""
        if self.original is not None:
            return mirrored_features(self.original.features, self.grey.shape[1])
        return features_of(self.grey)

    def mirrored(self) -> "View":
        """The same with left and right exchanged."""
        return View(mirrored(self.grey), self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`spots` fit in one move, turn and scale; `likeness` is the correlation of what both pictures show, -1 to 1."""

    spots: int
    likeness: float

    @property
    def is_copy(self) -> bool:
        """Copies agree everywhere; two photos of the same thing agree in spots alone."""
        return self.spots >= ENOUGH and self.likeness >= ALIKE


NOTHING = Comparison(0, 0.0)


def view_of(pixels: Pixels) -> View:
    """A picture as it is compared."""
    return View(grey_of(pixels))


def view_of_jpeg(content: bytes) -> View:
    """The same of a display picture. Nothing but grey if it cannot be read: such a photo has no spots."""
    return View(read_grey(content))


def print_of(view: View) -> bytes:
    """What a picture is found by, as it is kept."""
    return pack(spots_of(view.strongest))


def compare(one: View, other: View) -> Comparison:
    """How well `one` can be laid over `other`."""
    ours, theirs = _partners(one.features, other.features)
    if len(ours) < ENOUGH:
        return NOTHING
    found: tuple[Any, Any] = cv2.estimateAffinePartial2D(ours, theirs, method=cv2.RANSAC, ransacReprojThreshold=OFF)
    move, fitting = found
    if move is None or not _is_plausible(move):
        return NOTHING
    spots = len(np.unique(np.round(ours[fitting.ravel() > 0]), axis=0))
    return Comparison(spots, _likeness(one.grey, other.grey, move) if spots >= ENOUGH else 0.0)


def _partners(one: Features, other: Features) -> tuple[Floats, Floats]:
    """The points of spots that are each other's clear best."""
    if len(one.points) < ENOUGH or len(other.points) < ENOUGH:
        return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
    closeness = one.descriptors @ other.descriptors.T  # cosines: RootSIFT has length 1
    best = closeness.argmax(axis=1)
    top = closeness[np.arange(len(best)), best]
    closeness[np.arange(len(best)), best] = -1.0
    second = closeness.max(axis=1)
    clear = np.sqrt(np.maximum(1 - top, 0)) < NEAREST * np.sqrt(np.maximum(1 - second, 1e-9))
    return one.points[clear], other.points[best[clear]]


def _is_plausible(move: Any) -> bool:
    turn = abs(np.degrees(np.arctan2(move[1, 0], move[0, 0])))
    scale = float(np.hypot(move[0, 0], move[1, 0]))
    return bool(turn <= TURN and 1 / 3 <= scale <= 3)


def _likeness(one: Grey, other: Grey, move: Any) -> float:
    """The correlation of what both show, `one` moved over `other`."""
    height, width = other.shape
    laid = cv2.warpAffine(one, move, (width, height), flags=cv2.INTER_LINEAR)
    both = cv2.erode(cv2.warpAffine(np.full_like(one, 255), move, (width, height)), np.ones((9, 9), np.uint8)) > 127
    if both.sum() < OVERLAP * min(one.size * abs(np.linalg.det(move[:, :2])), other.size):
        return 0.0
    ours, theirs = (cv2.GaussianBlur(each, (0, 0), BLUR)[both].astype(np.float64) for each in (laid, other))
    spread = ours.std() * theirs.std()
    return float(((ours - ours.mean()) * (theirs - theirs.mean())).mean() / spread) if spread > 0 else 0.0
