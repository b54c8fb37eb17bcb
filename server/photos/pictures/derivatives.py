"""What is made of an original: the pictures that are shown, the columns, the fingerprint. For workers."""

import cv2
import numpy as np

from server.photos.pictures.decoding import Pixels, decode, shrink
from server.photos.pictures.derived import Derivatives
from server.photos.pictures.limited import Undecodable

DISPLAY_SIDE, THUMBNAIL_SIDE, QUALITY = 1600, 320, 82

# How to turn a picture upright, by EXIF orientation: (transpose?, flip code of OpenCV or None)
UPRIGHT = {
    1: (False, None), 2: (False, 1), 3: (False, -1), 4: (False, 0),
    5: (True, None), 6: (True, 1), 7: (True, -1), 8: (True, 0),
}  # fmt: skip


def derive(content: bytes, media_type: str, max_pixels: int) -> Derivatives:
    """Everything from the bytes of an original. Raises Undecodable."""
    decoded = decode(content, media_type, at_least=DISPLAY_SIDE, max_pixels=max_pixels)
    transposed = UPRIGHT[decoded.shot.orientation][0]
    display = _turned(shrink(decoded.pixels, DISPLAY_SIDE), decoded.shot.orientation)
    thumbnail = shrink(display, THUMBNAIL_SIDE)
    return Derivatives(
        display=encoded(display),
        thumbnail=encoded(thumbnail),
        width=decoded.height if transposed else decoded.width,
        height=decoded.width if transposed else decoded.height,
        shot=decoded.shot,
        fingerprint=fingerprint(thumbnail),
    )


def copy_of(content: bytes, media_type: str, max_pixels: int, side: int) -> bytes:
    """An upright JPEG with a long side of at most `side`, without metadata. Raises Undecodable."""
    decoded = decode(content, media_type, at_least=side, max_pixels=max_pixels)
    return encoded(_turned(shrink(decoded.pixels, side), decoded.shot.orientation))


def fingerprint(pixels: Pixels) -> int:
    """A perceptual hash of 64 bits as a signed integer: which of the 8 × 8 lowest frequencies are above their median.

    Copies that were scaled or compressed again differ in a few bits, other pictures in about 32.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA)
    low = cv2.dct(small.astype(np.float32))[:8, :8]
    bits = (low > np.median(low)).flatten()
    return int(np.packbits(bits).view(">i8")[0])


def _turned(pixels: Pixels, orientation: int) -> Pixels:
    transposed, flip = UPRIGHT[orientation]
    if transposed:
        pixels = np.asarray(cv2.transpose(pixels), np.uint8)
    return pixels if flip is None else np.asarray(cv2.flip(pixels, flip), np.uint8)


def encoded(pixels: Pixels) -> bytes:
    """As a JPEG. Raises Undecodable."""
    done, buffer = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise Undecodable("OpenCV could not encode it")
    return buffer.tobytes()
