"""The rules of a template's values, by the type in their key."""

import re
import unicodedata

KEY = re.compile(r"^([a-z_]+?)(\d+)$")
HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
TIME = r"(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
PATTERNS = {
    "thing": r".{1,20}",
    "number": r"(?=.{1,32}$)\d+(?:\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": rf"[^{HAN}]{{1,32}}",
    "time": rf"(?:{TIME} ?)?{CLOCK}(?:~(?:{TIME} ?)?{CLOCK})?",
    "date": rf"{TIME}(?: ?{CLOCK})?(?:~{TIME}(?: ?{CLOCK})?)?",
    "amount": r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?",
    "phone_number": r"[\d+\-() ]{1,17}",
    "car_number": rf"[{HAN}A-Za-z0-9][A-Za-z0-9·]{{0,6}}[{HAN}A-Za-z0-9]?",
    "phrase": rf"[{HAN}]{{1,5}}",
}


def is_valid(key: str, value: object) -> bool:
    """Whether WeChat would take `value` for the field `key`."""
    matched = KEY.match(key)
    if matched is None or not isinstance(value, str) or not value:
        return False
    if any(unicodedata.category(character) == "Cc" for character in value):
        return False
    kind = matched[1]
    if kind == "name":
        return len(value) <= (10 if re.search(f"[{HAN}]", value) else 20)
    if kind == "enum":
        return True
    pattern = PATTERNS.get(kind)
    return pattern is not None and re.fullmatch(pattern, value) is not None
