"""Photos to send: real JPEGs of a wanted size, with a comment that makes each upload's bytes its own."""

import hashlib
import io
from dataclasses import dataclass

from tests.support.images import exif, picture

COMMENT = b"#" * 32


@dataclass(frozen=True, slots=True)
class Template:
    """A JPEG whose comment (32 bytes) is to be replaced."""

    content: bytes

    def sha256_with(self, comment: bytes) -> str:
        """The hash of the file with another comment."""
        return hashlib.sha256(self.content.replace(COMMENT, comment, 1)).hexdigest()


def template(size: tuple[int, int], wanted: int, seed: int = 7) -> Template:
    """A picture of `size` pixels, compressed to about `wanted` bytes (not more); another one for each seed."""
    image = picture(seed, size)
    least, most = 20, 97
    while least < most:
        quality = (least + most + 1) // 2
        if len(_encode(image, quality)) <= wanted:
            least = quality
        else:
            most = quality - 1
    return Template(_encode(image, least))


def _encode(image: object, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, comment=COMMENT, exif=exif())  # type: ignore[attr-defined]
    return buffer.getvalue()
