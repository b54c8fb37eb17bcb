"""Pictures with much to see in them, and what people do to copies of them."""

import random
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np

from server.photos.pictures.decoding import Pixels
from server.showcase.scenes import scene
from tests.support.images import Sample


@cache
def drawn(name: str, seed: int) -> bytes:
    """One of the demo's hazards as a JPEG; drawing one takes a third of a second."""
    return scene(name, seed)


def picture(seed: int) -> Pixels:
    """Something with shapes and letters at many sizes, like a workshop."""
    chance = random.Random(seed)
    noise = np.random.default_rng(seed).integers(60, 200, (12, 16, 3), dtype=np.uint8)
    pixels = cv2.resize(noise, (1024, 768), interpolation=cv2.INTER_CUBIC)
    for _ in range(60):
        colour = tuple(chance.randrange(256) for _ in range(3))
        x, y, size = chance.randrange(1024), chance.randrange(768), chance.randrange(15, 140)
        if chance.random() < 0.4:
            cv2.putText(pixels, chance.choice("ABCXYZ1479"), (x, y), 0, size / 30, colour, max(2, size // 15))
        elif chance.random() < 0.5:
            cv2.rectangle(pixels, (x, y), (x + size, y + chance.randrange(10, 90)), colour, -1)
        else:
            cv2.circle(pixels, (x, y), size // 2, colour, -1)
    return np.asarray(pixels, np.uint8)


def compressed(pixels: Pixels, quality: int) -> Pixels:
    _, content = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR), np.uint8)


def cropped(pixels: Pixels, share: float) -> Pixels:
    """Without `share` of each side, more of it from the right and the bottom."""
    height, width = pixels.shape[:2]
    left, top = int(width * share * 0.3), int(height * share * 0.4)
    return pixels[top : top + int(height * (1 - share)), left : left + int(width * (1 - share))]


def resized(pixels: Pixels, scale: float) -> Pixels:
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def turned(pixels: Pixels, degrees: float) -> Pixels:
    """Turned about its middle, and cut so that no corner is empty."""
    height, width = pixels.shape[:2]
    way = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    edge = int(max(width, height) * abs(np.sin(np.radians(degrees))) / 2) + 1
    return np.asarray(cv2.warpAffine(pixels, way, (width, height))[edge:-edge, edge:-edge], np.uint8)


def flipped(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.flip(pixels, 1), np.uint8)


def workshop(seed: int, change: Callable[[Pixels], Pixels] | None = None) -> Sample:
    """Such a picture as a file to upload; `change`: what was done to it first."""
    pixels = picture(seed)
    _, content = cv2.imencode(".jpg", pixels if change is None else change(pixels), [cv2.IMWRITE_JPEG_QUALITY, 88])
    return Sample(content.tobytes())
