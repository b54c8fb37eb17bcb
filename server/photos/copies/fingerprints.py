"""What copies of a picture are known by, however they were cropped, resized, compressed, turned a little or mirrored.

A photo's print is up to SPOTS striking spots (SIFT), each with a sketch of 64 bits and its place, size and direction.
Sketches of the same spot in two copies differ in a few bits, others in about 32. A crop takes some of the spots away
and leaves the others as they were, which no hash of the whole picture does. For children of workers: OpenCV is heavy.
"""

import io
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import cv2
import numpy as np
from PIL import Image

from server.photos.copies.spots import DEGREES, SPOT, SPOTS, UNITS, Spots
from server.photos.pictures.decoding import Pixels
from server.photos.pictures.metadata import MALFORMED

SIDE = 480  # pixels: the long side at which spots are looked for
APART = 6.0  # pixels between two spots: one place often looks striking at several sizes
SMALLEST = 5.0  # pixels across; smaller ones do not outlive resizing
CONTRAST = 0.02

ROWS = (
    4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 18, 19, 20, 21, 22, 23, 31, 32, 34, 35, 36, 38, 39, 52, 54, 60, 62, 64, 66,
    67, 68, 69, 70, 71, 76, 78, 80, 82, 83, 84, 85, 86, 88, 90, 91, 92, 93, 94, 95, 100, 102, 103, 108, 110, 112, 114,
    115, 116, 117, 118, 119, 124, 126,
)  # fmt: skip
"""Which of 128 directions tell descriptors of photographs apart best (most variance, mean near zero), measured once."""

_MIRROR = np.arange(128).reshape(4, 4, 8)[::-1][:, :, -np.arange(8) % 8].reshape(-1)

Grey = np.ndarray[Any, np.dtype[np.uint8]]
Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Features:
    """Everything striking in a picture: points in pixels, sizes, angles in degrees, strengths, descriptors (128)."""

    points: Floats
    sizes: Floats
    angles: Floats
    strengths: Floats
    descriptors: Floats


def grey_of(pixels: Pixels) -> Grey:
    """A picture as its spots are looked for: grey, its long side SIDE pixels."""
    return _resized(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8))


def read_grey(content: bytes) -> Grey:
    """The same from a display picture. Colours are not decoded, nor more pixels than needed. Nothing but grey if it
    cannot be read."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
            longest = max(image.size)
            image.draft("L", (SIDE * image.width // longest, SIDE * image.height // longest))
            return _resized(np.asarray(image.convert("L")))
    except (*MALFORMED, RuntimeError):
        return np.full((8, 8), 128, np.uint8)


def _resized(grey: Grey) -> Grey:
    scale = SIDE / max(grey.shape)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=method), np.uint8)


def mirrored(grey: Grey) -> Grey:
    """Left and right exchanged."""
    return np.asarray(cv2.flip(grey, 1), np.uint8)


def mirrored_features(features: Features, width: int) -> Features:
    """The spots of a picture of that width with left and right exchanged. A descriptor is 4 × 4 places around its spot,
    each with 8 directions, all counted from the direction of the spot: they change places, and are not found anew."""
    points = features.points.copy()
    points[:, 0] = width - 1 - points[:, 0]
    return Features(
        points, features.sizes, (540.0 - features.angles) % 360.0, features.strengths, features.descriptors[:, _MIRROR]
    )


def features_of(grey: Grey) -> Features:
    """All striking spots of a picture; none for an empty wall."""
    return _features(*_detector().detectAndCompute(grey, None))


def strongest_of(grey: Grey) -> Features:
    """Those alone that a print is made of, apart from each other: two thirds of the work, as few are described."""
    found = _detector().detect(grey, None)
    points, sizes = _places(found)
    chosen = _strongest(points, sizes, np.array([spot.response for spot in found], np.float32))
    return _features(*_detector().compute(grey, [found[each] for each in chosen]))


def _places(found: Any) -> tuple[Floats, Floats]:
    points = np.array([spot.pt for spot in found], np.float32).reshape(-1, 2)
    return points, np.array([spot.size for spot in found], np.float32)


def _features(found: Any, descriptors: Any) -> Features:
    if descriptors is None:
        return Features(*(np.zeros(shape, np.float32) for shape in ((0, 2), 0, 0, 0, (0, 128))))
    plain = np.asarray(descriptors, np.float32)
    points, sizes = _places(found)
    return Features(
        points=points,
        sizes=sizes,
        angles=np.array([spot.angle for spot in found], np.float32),
        strengths=np.array([spot.response for spot in found], np.float32),
        descriptors=np.sqrt(plain / np.maximum(plain.sum(axis=1, keepdims=True), 1e-6)),  # RootSIFT
    )


def spots_of(strongest: Features) -> Spots:
    """The print: what `strongest_of` found, as it is kept."""
    spots = np.zeros(len(strongest.sizes), SPOT)
    spots["sketch"] = _sketches(strongest.descriptors)
    places = {"x": strongest.points[:, 0], "y": strongest.points[:, 1], "size": strongest.sizes}
    for name, values in places.items():
        spots[name] = np.clip(np.round(values * UNITS), 0, 65535)
    spots["angle"] = np.round(strongest.angles * DEGREES) % 36000
    return spots


@cache
def _detector() -> Any:
    return cast(Any, cv2).SIFT_create(nfeatures=1500, contrastThreshold=CONTRAST)  # missing in OpenCV's stubs


def _strongest(points: Floats, sizes: Floats, strengths: Floats) -> list[int]:
    weak = np.where(sizes >= SMALLEST, 1.0, 0.01)
    order = np.argsort(-strengths * weak * np.sqrt(sizes), kind="stable")
    chosen: list[int] = []
    for index in order:
        offsets = points[chosen] - points[index]
        if not chosen or float((offsets**2).sum(axis=1).min()) > APART**2:
            chosen.append(int(index))
            if len(chosen) == SPOTS:
                break
    return chosen


def _sketches(descriptors: Floats) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """On which side of 64 planes each descriptor lies."""
    bits = (descriptors @ _planes() > 0).astype(np.uint8)
    return np.packbits(bits, axis=1, bitorder="little").view("<u8").reshape(-1)


@cache
def _planes() -> Floats:
    """64 planes, for ever the same: prints are kept. They are at right angles to each other and balanced, so that what
    all descriptors have in common drops out."""
    rows = np.ones((1, 1), np.float32)
    while len(rows) < 128:  # Sylvester's way to a Hadamard matrix
        rows = np.block([[rows, rows], [rows, -rows]])
    return np.ascontiguousarray(rows[list(ROWS)].T)
