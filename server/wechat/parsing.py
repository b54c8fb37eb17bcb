"""Bodies of pushes: XML or JSON from outside becomes a dict of known shape, or is refused. Pure.

What people wrote stands in CDATA or in JSON strings. What they pasted may hold characters that neither format takes and
nobody sees: those are dropped before the body is read, for a message refused is a message lost. A body that declares
entities, names a field twice, or has elements within a text is refused: none of that comes from WeChat, and all of it
has been used to smuggle fields in.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

import orjson
import xmltodict

from server.core.errors import AppError
from server.core.text import drop_invisible

MAX_FIELDS = 60
MAX_TEXT = 4096  # characters of one field; WeChat's longest text has 2048 bytes
Fields = Mapping[str, Any]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_CONTROLS = re.compile("[\x00-\x1f]")
_REFERENCE = re.compile("&#(?:x0*([0-9A-Fa-f]{1,6})|0*([0-9]{1,7}));")


class PushMalformed(AppError):
    """Not a push of WeChat's."""

    status, code, message = 400, "push_malformed", "这不是微信的消息。"


class PushForbidden(AppError):
    """Not signed as WeChat signs, too old, or sent a second time with other content."""

    status, code, message = 403, "push_forbidden", "签名不对或者已经过期。"


def parse_body(body: bytes) -> Fields:
    """The fields of a body. Raises PushMalformed, whatever the bytes are."""
    text = body.decode("utf-8", "replace").removeprefix("\ufeff").strip()
    fields = _from_xml(text) if text.startswith("<") else _from_json(text)
    if not isinstance(fields, dict) or not 0 < len(fields) <= MAX_FIELDS:
        raise PushMalformed
    if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in fields):
        raise PushMalformed
    return fields


def text_of(fields: Fields, name: str, *, longest: int = MAX_TEXT) -> str:
    """The field as one text, empty if it is missing. Raises PushMalformed if it is anything but a text or a number."""
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise PushMalformed
    return drop_invisible(str(value))[:longest]


def whole_of(fields: Fields, name: str) -> int | None:
    """The field as a whole number of up to 64 bits, None if it is missing or no such number."""
    value = fields.get(name)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value.strip()):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63 else None


def degrees_of(fields: Fields, name: str, largest: float) -> float | None:
    """The field as degrees between −`largest` and `largest`, None if it is missing or out of range."""
    try:
        value = float(text_of(fields, name))
    except ValueError:
        return None
    return value if -largest <= value <= largest else None


def _from_json(text: str) -> object:
    try:
        return orjson.loads(_CONTROLS.sub(" ", text))
    except orjson.JSONDecodeError:
        raise PushMalformed from None


def _writable_reference(found: re.Match[str]) -> str:
    """A numeric reference, unless it is to a character that XML forbids."""
    number = int(found[1], 16) if found[1] else int(found[2])
    return found[0] if 0x20 <= number <= 0x10FFFF and drop_invisible(chr(number)) else " "


def _from_xml(text: str) -> object:
    try:
        writable = _REFERENCE.sub(_writable_reference, drop_invisible(text))
        root = xmltodict.parse(writable, process_namespaces=False, xml_attribs=False, disable_entities=True)
    except (ExpatError, ValueError, AttributeError):  # xmltodict refuses entities by ValueError
        raise PushMalformed from None
    fields = root.get("xml") if isinstance(root, dict) and len(root) == 1 else None
    return (
        {name: "" if value is None else value for name, value in fields.items()} if isinstance(fields, dict) else None
    )
