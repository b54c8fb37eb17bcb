"""Making WeChat's voice messages (AMR, which few browsers play) into MP3, in a child with limits."""

import io
from dataclasses import dataclass

from pydantic import Base64Bytes

from server.core.sandbox import ChildFailed, LimitExceeded, run_limited

MEDIA_TYPE = "audio/mpeg"
LONGEST_SECONDS = 180  # WeChat's own limit is one minute
RATE, BITS_A_SECOND = 16000, 24000
MEMORY_BYTES, CPU_SECONDS, WALL_SECONDS = 512 * 1024 * 1024, 20.0, 60.0


@dataclass(frozen=True, slots=True)
class Sound:
    """What can be played, and how long it is."""

    mp3: Base64Bytes
    seconds: float


def playable_limited(content: bytes) -> Sound | None:
    """The voice message as MP3; None if the file is none, or takes too much."""
    try:
        sound = run_limited(
            _playable, content, memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS
        )
    except (ChildFailed, LimitExceeded):
        return None
    return sound if 0 < sound.seconds <= LONGEST_SECONDS else None


def _playable(content: bytes) -> Sound:
    """In the child."""
    import av  # FFmpeg: 100 MB that others do not need

    made, samples = io.BytesIO(), 0
    with av.open(io.BytesIO(content), "r", format="amr") as heard, av.open(made, "w", format="mp3") as written:
        stream = written.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=BITS_A_SECOND)
        resampler = av.AudioResampler(format="s16p", layout="mono", rate=RATE)
        for frame in heard.decode(audio=0):
            for part in resampler.resample(frame):
                samples += part.samples
                if samples > RATE * LONGEST_SECONDS:
                    break
                written.mux(stream.encode(part))
        for part in resampler.resample(None):
            written.mux(stream.encode(part))
        written.mux(stream.encode(None))
    return Sound(mp3=made.getvalue(), seconds=samples / RATE)
