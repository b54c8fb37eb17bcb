"""Pictures made of words, rules and codes: the one place that draws rather than reads pictures. Knows no domain.

Names are written in many scripts. What the chosen font lacks is drawn with another font of this machine; what none has
is drawn as 〓, the printers' sign for a missing sort, and the picture says so.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from server.core.fonts import characters_of, installed

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
MISSING = "〓"
MISSING_NOTE = "〓 处的文字缺少字体，没有画出，请以系统中的姓名、名称为准"
INVISIBLE = ("Cf", "Cc", "Mn", "Me")  # what belongs to the character before it
NEUTRAL = ("WS", "ON", "CS", "EN")  # blanks, dots and digits stay with the word before them
SHAPED = ("ARABIC", "TIBETAN", "MONGOLIAN", "DEVANAGARI", "THAI")  # scripts whose letters change with their neighbours


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
    is_whole = True
    for part in parts:
        if isinstance(part, Words):
            is_whole = _draw_words(draw, part, font) and is_whole
        elif isinstance(part, Box):
            corners = (part.left, part.top, part.right, part.bottom)
            draw.rectangle(corners, outline=part.outline, width=part.thickness)
        elif isinstance(part, Squares):
            _draw_squares(image, part)
        else:
            with Image.open(BytesIO(part.content), formats=("PNG", "JPEG")) as other:
                fitting = other.convert("RGB").resize((part.size, part.size), Image.Resampling.LANCZOS)
            image.paste(fitting, (part.left, part.top))
    if not is_whole:
        _draw_words(draw, Words(MISSING_NOTE, width // 2, height - 18, 22, width - 40, "#666666"), font)
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _draw_words(draw: ImageDraw.ImageDraw, words: Words, font: Path) -> bool:
    """Draw a line. Whether every character of it could be."""
    runs = split_by_font(words.text, font)
    size = words.size
    while size > SMALLEST and _width(draw, runs, size) > words.width:
        size -= 2
    x = words.x - _width(draw, runs, size) / 2
    for text, path in reversed(runs) if _is_from_right(words.text) else runs:
        face = _face(path, size)
        draw.text((x, words.y), text, words.colour, face, anchor="lm")
        x += draw.textlength(text, face)
    return MISSING not in "".join(text for text, _ in runs) or MISSING in words.text


def _width(draw: ImageDraw.ImageDraw, runs: Sequence[tuple[str, Path]], size: int) -> float:
    return sum(draw.textlength(text, _face(path, size)) for text, path in runs)


def _is_from_right(text: str) -> bool:
    """Whether the line's first letter belongs to a script that runs from right to left."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def split_by_font(text: str, font: Path) -> list[tuple[str, Path]]:
    """The text in pieces, each with a font that has all of it: `font` if it can; MISSING stands for what none has."""
    pieces: list[tuple[str, Path]] = []
    for character in text:
        run, of = pieces[-1] if pieces else ("", font)
        joins = bool(run) and unicodedata.category(character) in INVISIBLE
        if joins and character not in characters_of(of):
            continue  # it has no shape of its own
        stays = joins or (unicodedata.bidirectional(character) in NEUTRAL and character in characters_of(of))
        wanted = of if stays else _font_for(character, font)
        shown = character if wanted else MISSING
        if run and (wanted or font) == of:
            pieces[-1] = (run + shown, of)
        else:
            pieces.append((shown, wanted or font))
    return pieces


def _font_for(character: str, font: Path) -> Path | None:
    if _needs_shaping(character) and not features.check("raqm"):
        return None
    return next((path for path in (font, *installed()) if character in characters_of(path)), None)


def _needs_shaping(character: str) -> bool:
    return unicodedata.name(character, "").startswith(SHAPED)


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
