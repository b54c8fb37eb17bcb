"""What people write, as it is kept and as it is searched."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.text import clean_line, clean_prose, drop_invisible, fold, fold_width, quoted

INVISIBLE = [
    "\x00", "\x07", "\x1b", "\x7f", "\x9f", "\xad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c",
    "\u200d", "\u200e", "\u200f", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u206f", "\u2800", "\u3164",
    "\ufeff", "\ufff9", "\ufffc", "\ufffe", "\U000e0041", "\U0001ffff",
]  # fmt: skip
MIDDLE_DOTS = ["·", "•", "・", "･", "‧", "∙", "⋅", "．", ".", "●"]


@pytest.mark.parametrize("nothing", INVISIBLE, ids=ascii)
def test_what_cannot_be_seen_is_dropped(nothing: str) -> None:
    assert clean_line(f"配电箱{nothing}敞开") == "配电箱敞开"
    assert clean_prose(f"{nothing}配电箱\n{nothing}敞开{nothing}") == "配电箱\n敞开"


@pytest.mark.parametrize("nothing", [*INVISIBLE, "\u0301", "\ufe0f", "\u3000", "\xa0", "\t\n"], ids=ascii)
def test_a_text_of_nothing_that_can_be_seen_is_empty(nothing: str) -> None:
    assert clean_line(nothing * 3) == clean_prose(f" {nothing} {nothing}") == ""


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_every_line_break_counts_as_one(line_break: str) -> None:
    assert clean_prose(f"一{line_break}二") == "一\n二"
    assert clean_line(f"一{line_break}二") == "一 二"


@pytest.mark.parametrize(
    "kept",
    ["👨\u200d👩\u200d👧", "❤\ufe0f", "ᠠ\u180eᠠ", "می\u200cخواهم", "葛\U000e0100", "𠮷", "\ue001", "آدىل", "A\u0301"],
)  # fmt: skip
def test_what_shapes_a_script_or_an_emoji_is_kept(kept: str) -> None:
    assert clean_line(kept) == kept


@given(st.text())
def test_what_was_cleaned_is_clean(text: str) -> None:
    for clean in (clean_line, clean_prose):
        assert clean(clean(text)) == clean(text)
        assert clean(text).encode().decode() == clean(text)
    assert not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") for letter in clean_line(text))


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "Cf"])))
def test_what_was_folded_is_folded(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert not any(letter.isspace() for letter in fold(text))


@pytest.mark.parametrize("dot", MIDDLE_DOTS)
@pytest.mark.parametrize("typed", ["买买提·阿卜杜拉", "买买提阿卜杜拉", "买买提 阿卜杜拉"])
def test_names_are_the_same_whichever_dot_or_blank_divides_them(dot: str, typed: str) -> None:
    assert fold(f"买买提{dot}阿卜杜拉") == fold(typed)


def test_quotation_marks_within_a_quoted_name_are_single_ones() -> None:
    assert quoted("“查保促”“安康杯”行动") == "“‘查保促’‘安康杯’行动”"


def test_width_case_and_blanks_make_no_difference_but_numbers_stay() -> None:
    assert fold("ＱＹ　０００１") == fold("qy0001")
    assert fold("0.5 米") != fold("05米")
    assert fold("a.b") != fold("ab")
    assert fold_width("\u202a１３８０\u202c") == "1380"


@pytest.mark.parametrize("clean", [clean_line, clean_prose, drop_invisible, fold, fold_width])
@pytest.mark.parametrize("piece", ["\u200b \u200d", " \t", ". ", "x\u200d", "\r\n", "\u0301"], ids=ascii)
def test_a_megabyte_of_anything_takes_no_time(clean: object, piece: str) -> None:
    begun = time.process_time()
    assert callable(clean)
    clean("x" + piece * (1_000_000 // len(piece)) + "x")
    assert time.process_time() - begun < 8
