"""What Excel shows of a number: the formats that people use, and for all others the advice to type it as text. Pure."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

ADVICE = "请把单元格设为文本后重新填写"
DATE = f"被 Excel 当成了日期或时间，{ADVICE}"
TOO_LONG = f"数字太长，Excel 只显示成科学计数或改掉了末几位，{ADVICE}"
OTHER = f"数字的显示格式不认识，{ADVICE}"

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    48: "##0.0E+0", 49: "@", **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "y"),
}  # fmt: skip
"""Formats that files refer to by number alone; those of dates differ by language."""

_DIGITS = 15  # that Excel keeps of a number
_GENERAL_WIDTH = 11  # characters that General shows before it takes to exponents
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<filler>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<place>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_LITERALS = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]', re.DOTALL)
_FRACTION = re.compile(r"[0#?]\s*/\s*[0-9#?]")
_THOUSANDTHS = re.compile(r"[0#?],+(?![0#?,])")  # a comma after the last place divides by a thousand
_EXPONENTIAL = re.compile(r"[#0]+(\.[#0]*)?E\+0+", re.IGNORECASE)
_COLOUR = re.compile(
    r"(black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|[黑蓝青绿洋红白黄]+色?)", re.IGNORECASE
)
_CURRENCY = re.compile(r"\$([^-\]]*)(-[0-9A-Fa-f]+)?")
_ELAPSED = re.compile(r"(h+|m+|s+)", re.IGNORECASE)
_DATE_LETTERS = frozenset("ymdhsaegbYMDHSAEGB年月日时分秒")
_AS_THEY_ARE = frozenset(" -+()$¥￥€:/!^&'~{}<>=@，、；：（）")


class NotShown(ValueError):
    """The number cannot be told as it is shown; the message is the advice, in Chinese."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A format for numbers of one sign: places (0, #, ?), their point, and literals between, in order."""

    parts: tuple[tuple[str, str], ...]  # (place | point | literal | general, text)
    grouped: bool
    percents: int


def show_number(stored: str, format_code: str) -> str:
    """The stored number as the format shows it. Raises NotShown."""
    try:
        number = Decimal(stored)
    except InvalidOperation as error:
        raise NotShown(OTHER) from error
    if not number.is_finite() or number.adjusted() > 300:
        raise NotShown(TOO_LONG)
    if _is_short_whole(number) and _EXPONENTIAL.fullmatch(format_code):
        return f"{int(number)}"  # a phone number in a narrow cell: Excel offers exponents, nothing of it is lost
    sections = _read_format(format_code)
    is_negative = number < 0
    if len(sections) == 1:
        return ("-" if is_negative else "") + _render(abs(number), sections[0])
    chosen = sections[1] if is_negative else sections[2] if number == 0 and len(sections) > 2 else sections[0]
    return _render(abs(number), chosen)


def _is_short_whole(number: Decimal) -> bool:
    return number.adjusted() < _GENERAL_WIDTH and number == number.to_integral_value()


@lru_cache(maxsize=256)
def _read_format(format_code: str) -> tuple[_Section, ...]:
    """Formats for positive and negative numbers and zero, or one for all."""
    return tuple(_read_section(text) for text in _split_sections(format_code)[:3])


def _split_sections(format_code: str) -> list[str]:
    sections, current = [], ""
    for found in re.finditer(r'"[^"]*"|\\.|[^;]|;', format_code, re.DOTALL):
        if found[0] == ";":
            sections.append(current)
            current = ""
        else:
            current += found[0]
    return [*sections, current]


def _read_section(text: str) -> _Section:
    plain = _LITERALS.sub("", text)
    if _THOUSANDTHS.search(plain) or plain.count(".") > 1:
        raise NotShown(OTHER)
    if _FRACTION.search(plain):
        raise NotShown(f"被 Excel 当成了分数，{ADVICE}")
    parts = tuple(_read_part(found) for found in _TOKEN.finditer(text) if found[0] != ",")
    return _Section(parts, "," in plain, plain.count("%"))


def _read_part(found: re.Match[str]) -> tuple[str, str]:
    kind, value = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "bracket":
        return "literal", _bracketed(value)
    if kind == "other" and value not in "@.":
        return "literal", _plain(value)
    fixed = {"blank": ("literal", " "), "filler": ("literal", ""), "@": ("general", "@"), ".": ("point", ".")}
    return (
        fixed.get(kind)
        or fixed.get(value if kind == "other" else "")
        or ((kind, value) if kind in ("general", "place") else ("literal", value))
    )


def _bracketed(text: str) -> str:
    if _COLOUR.fullmatch(text):
        return ""
    currency = _CURRENCY.fullmatch(text)
    if currency is not None:
        return currency[1]
    raise NotShown(DATE if _ELAPSED.fullmatch(text) else OTHER)


def _plain(letter: str) -> str:
    if letter in _DATE_LETTERS:
        raise NotShown(TOO_LONG if letter in "Ee" else DATE)
    if letter in "%." or letter in _AS_THEY_ARE or ord(letter) > 0x7F:
        return letter
    raise NotShown(OTHER)


def _render(number: Decimal, section: _Section) -> str:
    if any(kind == "general" for kind, _ in section.parts):
        shown = _show_general(number)
        return "".join(shown if kind == "general" else value for kind, value in section.parts)
    places = [kind for kind, _ in section.parts]
    if "place" not in places:  # words alone: ;;; hides, "有" says something else than the number
        raise NotShown(OTHER)
    point = places.index("point") if "point" in places else len(places)
    whole, fraction = section.parts[:point], section.parts[point:]
    decimals = sum(kind == "place" for kind, _ in fraction)
    rounded = (_kept(number) * 100**section.percents).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    digits, _, decimal_digits = f"{rounded:f}".partition(".")
    if len(digits.lstrip("0")) > _DIGITS:
        raise NotShown(TOO_LONG)
    return _fill_whole(digits.lstrip("0"), whole, grouped=section.grouped) + _fill_fraction(decimal_digits, fraction)


def _kept(number: Decimal) -> Decimal:
    """The number to the digits that Excel keeps; a whole number with more of them is no longer what was typed."""
    if number == number.to_integral_value() and number.adjusted() >= _DIGITS:
        raise NotShown(TOO_LONG)
    return Decimal(f"{number:.{_DIGITS}g}")


def _show_general(number: Decimal) -> str:
    if number.adjusted() >= _GENERAL_WIDTH:
        raise NotShown(TOO_LONG)
    if number == number.to_integral_value():
        return f"{int(number)}"
    room = _GENERAL_WIDTH - 1 - max(number.adjusted() + 1, 1)
    shown = f"{_kept(number).quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP):f}"
    if number.adjusted() < -4:
        raise NotShown(TOO_LONG)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _fill_whole(digits: str, parts: tuple[tuple[str, str], ...], *, grouped: bool) -> str:
    """Places take the digits from the right; the leftmost takes what is left, 0 pads and # does not."""
    left = sum(kind == "place" for kind, _ in parts)
    rest, count, shown = digits, 0, []
    for kind, value in reversed(parts):
        if kind != "place":
            shown.append(value)
            continue
        left -= 1
        taken = rest if left == 0 else rest[-1:]
        rest = rest[: len(rest) - len(taken)]
        for digit in reversed(taken or {"0": "0", "?": " ", "#": ""}[value]):
            if grouped and count and count % 3 == 0 and digit != " ":
                shown.append(",")
            shown.append(digit)
            count += 1
    return "".join(reversed(shown))


def _fill_fraction(digits: str, parts: tuple[tuple[str, str], ...]) -> str:
    """Places take the digits from the left; trailing zeros are shown by 0 alone."""
    shown, rest = "", digits
    for kind, value in parts:
        if kind != "place":
            shown += value
            continue
        digit, rest = rest[:1], rest[1:]
        if value == "0" or (digit + rest).strip("0"):
            shown += digit
    return shown
