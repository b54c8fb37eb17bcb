"""Photos as phones send them, and things that only pretend to be photos. All made here, all deterministic."""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageDraw

QINGDAO = (36.0662, 120.3826)  # WGS-84
SHOT_AT = "2026:11:20 09:15:30"  # local time, as EXIF has it
DEVICE = ("HUAWEI", "ALN-AL00")

GPS_IFD, EXIF_IFD = 0x8825, 0x8769


@dataclass(frozen=True)
class Sample:
    """A file to upload, with what a manifest says of it."""

    content: bytes
    name: str = "photo.jpg"
    media_type: str = "image/jpeg"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def manifest(self) -> dict[str, Any]:
        """The entry of a submission's `photos`."""
        return {"sha256": self.sha256, "size": len(self.content)}


def picture(seed: int = 1, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """A picture with soft shapes and some grain, different for each seed, with a red top left corner."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 255, (9, 12, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
    noisy = np.asarray(image, dtype=np.int16) + random.integers(-12, 12, (size[1], size[0], 1), dtype=np.int16)
    image = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 10, size[1] // 10), fill=(255, 0, 0))
    return image


def _degrees(value: float) -> tuple[float, float, float]:
    whole, rest = divmod(value, 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, round(rest * 60, 4)


def exif(orientation: int = 1, position: tuple[float, float] | None = QINGDAO) -> Image.Exif:
    """EXIF with time, device, orientation and, unless None, a place."""
    data = Image.Exif()
    data[0x010F], data[0x0110] = DEVICE
    data[0x0112] = orientation
    data[0x0132] = SHOT_AT
    data.get_ifd(EXIF_IFD)[0x9003] = SHOT_AT
    data.get_ifd(EXIF_IFD)[0x9011] = "+08:00"
    if position:
        latitude, longitude = position
        data.get_ifd(GPS_IFD).update({1: "N", 2: _degrees(latitude), 3: "E", 4: _degrees(longitude), 18: "WGS-84"})
    return data


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@lru_cache(64)
def jpeg(
    seed: int = 1,
    size: tuple[int, int] = (1200, 900),
    *,
    orientation: int = 1,
    position: tuple[float, float] | None = QINGDAO,
    quality: int = 85,
) -> Sample:
    """A JPEG from a phone, with EXIF. Orientation 6 is a phone held upright."""
    return Sample(_encoded(picture(seed, size), "JPEG", quality=quality, exif=exif(orientation, position)))


@lru_cache(64)
def bare_jpeg(seed: int = 1, size: tuple[int, int] = (1200, 900)) -> Sample:
    """A JPEG without any metadata, as chat programs pass them on."""
    return Sample(_encoded(picture(seed, size), "JPEG", quality=80))


@lru_cache(64)
def png(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Sample:
    return Sample(_encoded(picture(seed, size), "PNG"), "photo.png", "image/png")


@lru_cache(64)
def webp(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Sample:
    return Sample(_encoded(picture(seed, size), "WEBP", quality=80), "photo.webp", "image/webp")


@lru_cache(64)
def heic(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Sample:
    """A HEIC as iPhones make them."""
    buffer = io.BytesIO()
    heif = pillow_heif.from_pillow(picture(seed, size))
    # Encoded as well as it could be, one takes 1.2 CPU seconds, by threads that wait for each other.
    heif.save(buffer, quality=60, exif=exif().tobytes(), enc_params={"preset": "ultrafast", "x265:pools": "none"})
    return Sample(buffer.getvalue(), "photo.heic", "image/heic")


@lru_cache(8)
def animated(kind: str = "WEBP") -> Sample:
    """Three frames in a WEBP, GIF or PNG."""
    frames = [picture(seed, (120, 90)) for seed in (1, 2, 3)]
    content = _encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    return Sample(content, f"photo.{kind.lower()}", f"image/{kind.lower()}")


def truncated(sample: Sample | None = None, keep: float = 0.6) -> Sample:
    """The first part of a photo, as a broken transfer leaves it."""
    whole = sample or jpeg()
    return Sample(whole.content[: int(len(whole.content) * keep)], whole.name, whole.media_type)


@lru_cache(8)
def bomb(width: int = 20000, height: int = 20000) -> Sample:
    """A PNG of a few hundred kilobytes that unpacks to `width` × `height` pixels (default 400 million)."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + width // 8)
    body = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return Sample(content, "photo.png", "image/png")


def disguised(kind: str = "html") -> Sample:
    """Something else under a photo's name: html, svg, gif, pdf, zip or text."""
    contents = {
        "html": b"<!doctype html><script>alert(1)</script>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "gif": _encoded(picture(1, (64, 48)), "GIF"),
        "pdf": b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n",
        "zip": b"PK\x05\x06" + b"\0" * 18,
        "text": "不是照片".encode(),
    }
    return Sample(contents[kind])


def empty() -> Sample:
    return Sample(b"")
