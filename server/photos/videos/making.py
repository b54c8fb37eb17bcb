"""From a phone's file to what is played: the same pictures and sound, not compressed anew, in a new MP4.

Nothing else comes along: no place, no time, no device, no tracks of a phone's own, no edits' cut-off ends. The index
stands first, so that playing begins before all is loaded. For workers; these libraries are heavy.
"""

import io
from datetime import UTC, datetime
from pathlib import Path
from re import compile as pattern
from typing import Any

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.stream import Stream

from server.photos.pictures.decoding import Pixels, shrink
from server.photos.pictures.derivatives import DISPLAY_SIDE, THUMBNAIL_SIDE, encoded, fingerprint
from server.photos.pictures.derived import Derivatives, Shot
from server.photos.pictures.limited import Undecodable
from server.photos.videos.made import VideoMade

INDEX_BYTES, BYTES_A_SAMPLE = 16_384, 40  # room for the index: its fixed part, and what a sample may add
WHITE, DARK = (255, 255, 255), (24, 24, 24)
MOST_FRAMES = 120  # looked at for the one that stands for all
TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
PLACE = pattern(r"^([+-]\d{1,2}(?:\.\d{1,8})?)([+-]\d{1,3}(?:\.\d{1,8})?)(?:[+-]|/|$)")  # ISO 6709
PLACES, MODELS = ("com.apple.quicktime.location.ISO6709", "location"), ("com.apple.quicktime.model", "model")


def make(original: Path | bytes) -> VideoMade:
    """Everything from the bytes of an original. Raises Undecodable."""
    try:
        with _opened(original) as source:
            shot = _shot(source)
            video, seconds = _copied(source)
        with _opened(video) as copy:
            return VideoMade(video=video, pictures=_pictures(_frame(copy, seconds), seconds, shot))
    except (av.error.FFmpegError, ValueError, IndexError, OverflowError, cv2.error) as error:
        raise Undecodable(f"{type(error).__name__}: {error}"[:300]) from error


def _opened(content: Path | bytes) -> InputContainer:
    """Read as MP4 or MOV, whatever it looks like: nothing in it may lead to another file."""
    return av.open(io.BytesIO(content) if isinstance(content, bytes) else str(content), "r", format="mov")


def _copied(source: InputContainer) -> tuple[bytes, float]:
    """Its first pictures and first AAC sound in a new file, and how long they last."""
    chosen: list[Stream] = [source.streams.video[0]]
    chosen += [stream for stream in source.streams.audio if stream.codec_context.name == "aac"][:1]
    room = INDEX_BYTES + BYTES_A_SAMPLE * sum(min(stream.frames, 100_000) for stream in chosen)
    made = io.BytesIO()
    with av.open(made, "w", format="mp4", options={"moov_size": str(room)}) as target:
        streams: dict[int, Any] = {each.index: target.add_stream_from_template(each) for each in chosen}
        for packet in source.demux(chosen):
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    with _opened(made.getvalue()) as copy:
        return made.getvalue(), (copy.duration or 0) / av.time_base


def _frame(source: InputContainer, seconds: float) -> Pixels:
    """One that stands for the video: not the very first, on which phones are often still being lifted."""
    stream = source.streams.video[0]
    stream.codec_context.thread_count = 1
    wanted, found = min(1.0, seconds / 3), None
    for number, frame in enumerate(source.decode(stream)):
        found = frame
        if number >= MOST_FRAMES or (frame.time or 0) >= wanted:
            break
    if found is None:
        raise Undecodable("no frame")
    pixels = np.asarray(found.to_ndarray(format="bgr24"), np.uint8)
    turn = TURNS.get(found.rotation % 360)
    return pixels if turn is None else np.asarray(cv2.rotate(pixels, turn), np.uint8)


def _pictures(frame: Pixels, seconds: float, shot: Shot) -> Derivatives:
    height, width = frame.shape[:2]
    display, thumbnail = shrink(frame, DISPLAY_SIDE), shrink(frame, THUMBNAIL_SIDE)
    return Derivatives(
        display=encoded(_marked(display, seconds)), thumbnail=encoded(_stamped(thumbnail)),
        width=width, height=height, shot=shot, fingerprint=fingerprint(thumbnail),
    )  # fmt: skip


def _marked(picture: Pixels, seconds: float) -> Pixels:
    """With a triangle and the length in the lower left corner: wherever it is shown or printed, it is no photo."""
    marked, words = picture.copy(), f"0:{round(seconds):02d}"
    unit = max(min(picture.shape[:2]) // 24, 12)
    bottom, thick, font = picture.shape[0], max(unit // 10, 1), cv2.FONT_HERSHEY_SIMPLEX
    (wide, tall), _ = cv2.getTextSize(words, font, unit / 30, thick)
    cv2.rectangle(marked, (0, bottom - 2 * unit), (wide + 3 * unit, bottom), DARK, cv2.FILLED)
    _triangle(marked, unit, bottom - unit, unit // 2)
    at = (2 * unit, bottom - unit + tall // 2)
    cv2.putText(marked, words, at, font, unit / 30, WHITE, thick, cv2.LINE_AA)
    return marked


def _stamped(thumbnail: Pixels) -> Pixels:
    """The same of a small one: in its middle, for lists cut corners off."""
    stamped = thumbnail.copy()
    height, width = thumbnail.shape[:2]
    unit = max(min(height, width) // 8, 6)
    cv2.circle(stamped, (width // 2, height // 2), 2 * unit, DARK, cv2.FILLED, cv2.LINE_AA)
    _triangle(stamped, width // 2 + unit // 6, height // 2, unit)
    return stamped


def _triangle(picture: Pixels, x: int, y: int, size: int) -> None:
    corners = [(x - size, y - size), (x - size, y + size), (x + size, y)]
    cv2.fillPoly(picture, [np.array(corners, np.int32)], WHITE, cv2.LINE_AA)


def _shot(source: InputContainer) -> Shot:
    """When, where and with what it was taken, for the columns of reviewers who may know it."""
    told = source.metadata
    place = next((found for name in PLACES if (found := PLACE.match(told.get(name, "")))), None)
    latitude, longitude = (float(place[1]), float(place[2])) if place else (None, None)
    if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):
        latitude = longitude = None
    device = next((told[name] for name in MODELS if told.get(name)), None)
    return Shot(_moment(told.get("creation_time")), latitude, longitude, device[:100] if device else None)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and moment > datetime(2000, 1, 1, tzinfo=UTC) else None
