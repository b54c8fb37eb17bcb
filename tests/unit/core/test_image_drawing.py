"""Names in any script are drawn with a font that has them, or the picture says that it could not."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from server.core import fonts, image_drawing
from server.core.fonts import Characters, characters_of, installed
from server.core.image_drawing import MISSING, MISSING_NOTE, Words, draw_picture, find_font, split_by_font

OTHER = Path("/fonts/other.ttf")


@pytest.fixture
def font() -> Path:
    found = find_font("")
    assert found is not None, "the tests need fonts-noto-cjk"
    return found


@pytest.fixture
def other_font(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another font beside the chosen one, that has Arabic letters, blanks and one pictograph."""
    has = Characters((0x20, 0x0600, 0x1F600), (0x20, 0x06FF, 0x1F600))
    monkeypatch.setattr(image_drawing, "installed", lambda: (OTHER,))
    monkeypatch.setattr(image_drawing, "characters_of", lambda path: has if path == OTHER else characters_of(path))
    return OTHER


@pytest.mark.parametrize("name", ["张三丰", "𠮷野䶮", "阿卜杜拉·买买提", "José Đặng"])
def test_what_the_chosen_font_has_is_drawn_with_it(font: Path, other_font: Path, name: str) -> None:
    assert split_by_font(name, font) == [(name, font)]


def test_what_it_lacks_is_drawn_with_a_font_that_has_it(font: Path, other_font: Path) -> None:
    assert split_by_font("ئابدۇللا ئەھمەت", font) == [("ئابدۇللا ئەھمەت", other_font)]
    assert split_by_font("小明😀好", font) == [("小明", font), ("😀", other_font), ("好", font)]


def test_what_no_font_has_is_shown_as_missing(font: Path, other_font: Path) -> None:
    assert split_by_font("བ张", font) == [(MISSING + "张", font)]
    assert split_by_font("张\ufe0f\u200d", font)[0][0].startswith("张")


def test_without_shaping_letters_that_join_are_missing_rather_than_wrong(
    font: Path, other_font: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("PIL.features.check", lambda _feature: False)
    assert split_by_font("ئ", font) == [(MISSING, font)]


def drawn(font: Path, name: str) -> Image.Image:
    words = Words(name, 300, 60, 40, 500, "#000000")
    return Image.open(io.BytesIO(draw_picture(600, 200, "white", [words], font)))


def test_a_picture_says_when_something_could_not_be_drawn(font: Path, other_font: Path) -> None:
    def darkest_at_the_foot(name: str) -> int:
        return int(np.asarray(drawn(font, name).convert("L"))[150:].min())

    assert darkest_at_the_foot("张三丰") == 255
    assert darkest_at_the_foot("བཀྲ་ཤིས") < 200, MISSING_NOTE


def test_long_names_in_two_fonts_stay_within_their_width(font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_drawing, "installed", installed)
    ink = drawn(font, "ئابدۇللا" * 6 + "买买提" * 6).convert("L").point(lambda value: 255 * (value < 128)).getbbox()
    assert ink is not None
    assert ink[0] >= 20
    assert ink[2] <= 580


@pytest.mark.parametrize("content", [b"", b"OTTO", b"ttcf" + b"\xff" * 40, struct.pack(">IH", 0x10000, 9) + b"\0" * 6])
def test_a_font_that_cannot_be_read_has_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(content)
    assert "张" not in fonts.characters_of(path)
