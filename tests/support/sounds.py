"""Voice messages as WeChat sends them."""

import io
from functools import cache

import av
import numpy as np


@cache
def amr(seconds: float = 1.0, pitch: int = 440) -> bytes:
    """AMR narrow-band, 8 kHz, of a tone."""
    made = io.BytesIO()
    with av.open(made, "w", format="amr") as written:
        stream = written.add_stream("libopencore_amrnb", rate=8000, layout="mono", bit_rate=12200)
        wave = (np.sin(np.arange(int(8000 * seconds)) * 2 * np.pi * pitch / 8000) * 9000).astype(np.int16)
        for start in range(0, len(wave), 160):
            frame = av.AudioFrame.from_ndarray(wave[start : start + 160].reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 8000, start
            written.mux(stream.encode(frame))
        written.mux(stream.encode(None))
    return made.getvalue()
