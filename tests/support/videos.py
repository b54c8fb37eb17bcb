"""Videos as phones send them, made here: small, deterministic, with what a phone writes about place and time."""

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import av
import numpy as np

from tests.support.images import QINGDAO, Sample, picture

TAKEN_AT = "2026-11-20T01:15:30.000000Z"
UNTURNED = (0x10000).to_bytes(4, "big") + bytes(12) + (0x10000).to_bytes(4, "big")
TURNED = bytes(4) + (0x10000).to_bytes(4, "big") + bytes(4) + (0xFFFF0000).to_bytes(4, "big") + bytes(4)


@dataclass(frozen=True)
class Video(Sample):
    """One to upload."""

    name: str = "video.mp4"
    media_type: str = "video/mp4"

    @property
    def manifest(self) -> dict[str, Any]:
        return {**super().manifest, "kind": "video"}


@lru_cache
def video(
    seconds: float = 2, codec: str = "libx264", kind: str = "mp4", *, sound: str = "aac", turned: bool = False,
    size: tuple[int, int] = (192, 144),
) -> Video:  # fmt: skip
    """A picture that fades, ten a second, with a hum, or silent. `turned`: held upright, as most phones are."""
    made = io.BytesIO()
    still = np.asarray(picture(5, size))
    with av.open(made, "w", format=kind) as target:
        latitude, longitude = QINGDAO
        target.metadata.update(location=f"{latitude:+}{longitude:+}/", creation_time=TAKEN_AT, comment="mine")
        shown: Any = target.add_stream(codec, rate=10, options={"preset": "ultrafast"} if "26" in codec else {})
        shown.width, shown.height, shown.pix_fmt = *size, "yuv420p"
        heard: Any = target.add_stream(sound, rate=16000, layout="mono") if sound else None
        for number in range(round(seconds * 10)):
            frame = av.VideoFrame.from_ndarray((still * (0.5 + number % 10 / 20)).astype(np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            target.mux(shown.encode(frame))
        target.mux(shown.encode(None))
        for number in range(round(seconds * 16000) // 1024 if heard else 0):
            wave = (np.sin(np.arange(1024) / 9) * 0.2).astype(np.float32).reshape(1, -1)
            noise = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
            noise.sample_rate, noise.pts = 16000, number * 1024
            target.mux(heard.encode(noise))
        if heard:
            target.mux(heard.encode(None))
    content = made.getvalue()
    if turned:
        content = content.replace(UNTURNED, TURNED[:20], 2).replace(TURNED[:20], UNTURNED, 1)  # the track's, not mvhd's
    return Video(content)
