"""From a file to pixels: not larger than needed, in sRGB, on white ground. For workers; these libraries are heavy."""

import io
import warnings
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from server.photos.pictures.derived import Shot
from server.photos.pictures.limited import Undecodable
from server.photos.pictures.metadata import MALFORMED, read_exif
from server.photos.pictures.png_rows import shrunk_by_rows

Pixels = np.ndarray[Any, np.dtype[np.uint8]]  # height × width × 3, BGR

cv2.setNumThreads(1)  # a worker runs several jobs; each is content with one core
Image.MAX_IMAGE_PIXELS = None  # we have our own cap, from the settings

REDUCED = {
    1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8,
}  # fmt: skip
FORMATS = ("JPEG", "PNG", "WEBP")  # JPEG covers MPO, several pictures in one file
ROWS_ABOVE = 12_000_000  # pixels of a PNG from which on it is decoded some rows at a time
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """Pixels at full or reduced size, not yet turned upright; and the size the file has in full."""

    pixels: Pixels
    width: int
    height: int
    shot: Shot


def decode(content: bytes, media_type: str, *, at_least: int, max_pixels: int) -> Decoded:
    """The picture, its long side at least `at_least` pixels if the file has as many. Raises Undecodable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of oddities in metadata that do not matter here
            if media_type in ("image/heic", "image/heif"):
                return _decode_heif(content, at_least, max_pixels)
            return _decode_common(content, at_least, max_pixels)
    except (*MALFORMED, RuntimeError, ImageCms.PyCMSError, cv2.error) as error:
        raise Undecodable(f"{type(error).__name__}: {error}"[:300]) from error


def _decode_common(content: bytes, at_least: int, max_pixels: int) -> Decoded:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        _check_size(width, height, max_pixels)
        icc = image.info.get("icc_profile")
        shot = read_exif(image.info.get("exif"))
        factor = max(image.size) // at_least
        if image.format == "PNG" and factor > 1 and width * height > ROWS_ABOVE:
            small = shrunk_by_rows(content, factor, _plain)
            if small is not None:
                return Decoded(_to_pixels(small, icc), width, height, shot)
        is_jpeg = image.format in ("JPEG", "MPO")
        if is_jpeg and (image.mode == "RGB" or (image.mode == "L" and not icc)):
            return Decoded(_decode_jpeg(content, width, height, at_least, icc), width, height, shot)
        if is_jpeg:
            image.draft(None, (at_least, at_least))
        return Decoded(_to_pixels(_shrunk(image, at_least), icc), width, height, shot)


def _decode_jpeg(content: bytes, width: int, height: int, at_least: int, icc: bytes | None) -> Pixels:
    """OpenCV lets libjpeg shrink while it decodes: by far the fastest way."""
    factor = max((factor for factor in REDUCED if max(width, height) // factor >= at_least), default=1)
    flags = REDUCED[factor] | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if pixels is None:
        raise Undecodable("OpenCV could not decode it")
    bgr = np.asarray(pixels, np.uint8)
    if icc is None or _is_srgb(icc):
        return bgr
    image = Image.fromarray(cv2.cvtColor(shrink(bgr, at_least), cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False))
    return _to_pixels(image, icc)


def _decode_heif(content: bytes, at_least: int, max_pixels: int) -> Decoded:
    heif = pillow_heif.open_heif(content, convert_hdr_to_8bit=True)
    width, height = heif.size  # as shown: the library turns the picture itself
    _check_size(width, height, max_pixels)
    shot = read_exif(heif.info.get("exif"))
    upright = Shot(shot.taken_at, shot.latitude, shot.longitude, shot.device, orientation=1)
    image = heif.to_pillow()
    return Decoded(_to_pixels(_shrunk(image, at_least), heif.info.get("icc_profile")), width, height, upright)


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if not 0 < width * height <= max_pixels:
        raise Undecodable(f"{width} × {height} pixels")


def _shrunk(image: Image.Image, at_least: int) -> Image.Image:
    """Plain colours at a size not far above what is needed."""
    image = _plain(image)
    factor = max(image.size) // at_least
    return image.reduce(factor) if factor > 1 and image.mode in ("RGB", "RGBA", "L", "LA", "CMYK") else image


def _plain(image: Image.Image) -> Image.Image:
    """Colours that pixels can be made of, and added up."""
    image.load()
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif image.mode in ("P", "PA", "1") or "transparency" in image.info:
        image = image.convert("L" if image.mode == "1" else "RGBA")
    return image


def _to_pixels(image: Image.Image, icc: bytes | None) -> Pixels:
    """sRGB on white ground."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image).convert("RGB")
    image = _in_srgb(image, icc)
    return np.asarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR), np.uint8)


def _in_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    if icc and not _is_srgb(icc) and image.mode in ("RGB", "L", "CMYK"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            converted = ImageCms.profileToProfile(image, profile, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a broken profile, or one for other colours: better shown a little off than not at all
        if converted is not None:
            return converted
    return image.convert("RGB")


def _is_srgb(icc: bytes) -> bool:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        return ImageCms.getProfileDescription(profile).strip().lower().startswith("srgb")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return True  # unreadable: shown as it is


def shrink(pixels: Pixels, side: int) -> Pixels:
    """`pixels` with a long side of at most `side`."""
    height, width = pixels.shape[:2]
    if max(width, height) <= side:
        return pixels
    scale = side / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
