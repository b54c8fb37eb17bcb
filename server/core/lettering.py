"""Pictures made of words, rules and codes: the one place that draws rather than reads pictures. Knows no domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CANDIDATES = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)
FACES = 10  # of a collection, at most
SMALLEST = 16  # pixels; longer words run over the edge


@dataclass(frozen=True, slots=True)
class Words:
    """A line, centred on `x`; made smaller until it is no wider than `width`. All in pixels, `y` is its middle."""

    text: str
    x: int
    y: int
    size: int
    width: int
    colour: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, its outline inside of the corners."""

    left: int
    top: int
    right: int
    bottom: int
    outline: str
    thickness: int


@dataclass(frozen=True, slots=True)
class Squares:
    """A two-dimensional code: rows of dark and light squares in a field of `size` pixels, its quiet zone included."""

    rows: tuple[tuple[bool, ...], ...]
    left: int
    top: int
    size: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that came from elsewhere, made to fit a square of `size` pixels."""

    content: bytes
    left: int
    top: int
    size: int


Part = Words | Box | Squares | Picture


@lru_cache(maxsize=4)
def find_font(wanted: str) -> Path | None:
    """The font file to use: the one asked for, else the first of the usual ones; None if there is none."""
    return next((Path(each) for each in ((wanted,) if wanted else CANDIDATES) if Path(each).is_file()), None)


def draw_picture(width: int, height: int, ground: str, parts: Sequence[Part], font: Path) -> bytes:
    """A PNG of `parts` on a plain ground. Raises OSError if the font or a picture cannot be read."""
    image = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    for part in parts:
        if isinstance(part, Words):
            draw.text((part.x, part.y), part.text, part.colour, _fitting(draw, part, font), anchor="mm")
        elif isinstance(part, Box):
            corners = (part.left, part.top, part.right, part.bottom)
            draw.rectangle(corners, outline=part.outline, width=part.thickness)
        elif isinstance(part, Squares):
            _draw_squares(image, part)
        else:
            with Image.open(BytesIO(part.content), formats=("PNG", "JPEG")) as other:
                fitting = other.convert("RGB").resize((part.size, part.size), Image.Resampling.LANCZOS)
            image.paste(fitting, (part.left, part.top))
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _fitting(draw: ImageDraw.ImageDraw, words: Words, font: Path) -> ImageFont.FreeTypeFont:
    size = words.size
    while size > SMALLEST and draw.textlength(words.text, _face(font, size)) > words.width:
        size -= 2
    return _face(font, size)


@lru_cache(maxsize=64)
def _face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    """The font's simplified Chinese face: collections of CJK fonts begin with the Japanese one."""
    first = ImageFont.truetype(str(font), size)
    if font.suffix.lower() != ".ttc":
        return first
    for index in range(FACES):
        try:
            face = ImageFont.truetype(str(font), size, index=index)
        except OSError:  # no more faces
            break
        if (face.getname()[0] or "").endswith(" SC"):
            return face
    return first


def _draw_squares(image: Image.Image, part: Squares) -> None:
    """Square by square at whole pixels, so that every edge is sharp."""
    count = len(part.rows)
    code = Image.new("1", (count, count), 1)
    code.putdata([0 if dark else 1 for row in part.rows for dark in row])
    scale = max(1, part.size // count)
    side = scale * count
    inset = (part.size - side) // 2
    image.paste(code.resize((side, side), Image.Resampling.NEAREST), (part.left + inset, part.top + inset))
