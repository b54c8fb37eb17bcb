"""WeChat's rules for the values of a subscribe message, by the type in a field's key (`thing1`). Pure."""

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_KEY = re.compile(r"^([a-z_]{2,20}?)(\d{1,2})$")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DAY = r"(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"

# type → (pattern of the whole value, rule as it is shown to whoever edits templates)
RULES: dict[str, tuple[str, str]] = {
    "thing": (r".{1,20}", "最多 20 个字"),
    "number": (r"(?=.{1,32}$)\d+(?:\.\d+)?", "最多 32 位数字，可带小数"),
    "letter": (r"[A-Za-z]{1,32}", "最多 32 个字母"),
    "symbol": (r"[^\w\s]{1,5}", "最多 5 个符号"),
    "character_string": (rf"[^{HAN}]{{1,32}}", "最多 32 个数字、字母或符号，不能有汉字"),
    "time": (rf"(?:{_DAY} ?)?{_CLOCK}(?:~(?:{_DAY} ?)?{_CLOCK})?", "24 小时制时间，可带年月日"),
    "date": (rf"{_DAY}(?: ?{_CLOCK})?(?:~{_DAY}(?: ?{_CLOCK})?)?", "年月日，可带时间"),
    "amount": (r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?", "金额，最多 10 位数字，可带货币符号和“元”"),
    "phone_number": (r"[\d+\-() ]{1,17}", "最多 17 位数字和符号"),
    "car_number": (rf"[{HAN}A-Za-z0-9][A-Za-z0-9·]{{0,6}}[{HAN}A-Za-z0-9]?", "最多 8 位"),
    "name": (rf"[^{HAN}]{{1,20}}|.{{1,10}}", "最多 10 个汉字，或 20 个字母"),
    "phrase": (rf"[{HAN}]{{1,5}}", "最多 5 个汉字，只能是汉字"),
}
LIMITS = {"thing": 20, "phrase": 5, "character_string": 32, "letter": 32, "name": 10}


def kind_of(key: str) -> str | None:
    """The type in a key, None for a key that WeChat has not."""
    matched = _KEY.match(key)
    return matched[1] if matched and matched[1] in RULES else None


def problem(key: str, value: str) -> str | None:
    """What WeChat would find wrong with the value, None if it takes it."""
    kind = kind_of(key)
    if kind is None:
        return "没有这种字段，写法如 thing1、phrase2、time3"
    if not value:
        return "内容不能为空"
    pattern, rule = RULES[kind]
    return None if not _CONTROLS.search(value) and re.fullmatch(pattern, value) else rule


def fit(key: str, value: str) -> str:
    """The value cut to what its type takes, as far as cutting helps."""
    kind = kind_of(key)
    line = _CONTROLS.sub(" ", value).strip()
    if kind == "phrase":
        line = re.sub(rf"[^{HAN}]", "", line)
    if kind == "character_string":
        line = re.sub(f"[{HAN}]", "", line).strip()
    limit = LIMITS.get(kind or "", 0)
    if kind == "name" and not re.search(f"[{HAN}]", line):
        limit = 20
    if not limit or len(line) <= limit:
        return line
    return line[: limit - 1] + "…" if kind == "thing" else line[:limit]
