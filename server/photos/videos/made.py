"""What is made of a video, as it comes back from the child that made it."""

from dataclasses import dataclass

from pydantic import Base64Bytes

from server.photos.pictures.derived import Derivatives


@dataclass(frozen=True, slots=True)
class VideoMade:
    """The video to be played, and the pictures that stand for it: a frame, with a mark and its length in a corner."""

    video: Base64Bytes
    pictures: Derivatives
