"""What people write, as it is kept and as it is searched. Pure; the one place that knows of invisible characters.

Text comes pasted from Word, WeChat, contacts and spreadsheets. What cannot be seen in it means nothing to whoever wrote
it, breaks XML and CSV, hides names from the search and turns the direction of what follows: it is dropped.
"""

import re
import unicodedata

MAX_KEY = 200  # characters

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")  # U+000B is what Word makes of Shift+Enter
_NONCHARACTERS = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_NOTHING = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls; tab and line feed stay
    "\xad\u034f\u200b\u2060-\u2064\ufeff"  # soft hyphen, joiners of words, marks of byte order
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction
    "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # fillers that look like nothing
    "\ufff0-\ufffc\U000e0000-\U000e00ff"  # annotations, stand-ins for pictures, tags
    f"\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}"  # no characters at all
    "]"
)
# Joiners shape letters of Arabic, Indian and Mongolian scripts and tie emoji together; between others they are nothing.
_JOINED = "\u0600-\u0dff\u1000-\u109f\u1780-\u18af\u2190-\u2bff\ufb50-\ufdcf\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff"
_JOINERS = "\u200c\u200d\u180e"
_LOOSE_JOINERS = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])|(?<![\u1800-\u18af])\u180e")
_UNSEEN = frozenset(["Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"])  # rare Han may be Co, or Cn to this Python
_DOTS = re.compile(r"[\u00b7\u0387\u16eb\u2022\u2027\u2218\u2219\u22c5\u25cf\u25e6\u2981\u2e31\u2e33\u30fb]")
_LOOSE_STOPS = re.compile(r"(?<![0-9a-z])\.|\.(?![0-9a-z])")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2500\u30fc\ufe58\ufe63\uff0d—]+")
_SHAPING = re.compile("[\u180b-\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def drop_invisible(text: str) -> str:
    """The text without what cannot be seen, untrimmed; every line break is `\\n`. Fit for XML."""
    seen = _NOTHING.sub("", _LINE_BREAKS.sub("\n", text))
    return _LOOSE_JOINERS.sub("", seen) if any(joiner in seen for joiner in _JOINERS) else seen


def clean_prose(text: str) -> str:
    """Text of several lines as it is kept: without what cannot be seen, trimmed; empty if nothing is left to see."""
    kept = drop_invisible(text).strip()
    return kept if any(unicodedata.category(letter) not in _UNSEEN for letter in kept) else ""


def clean_line(text: str) -> str:
    """Text of one line as it is kept: as `clean_prose`; a break or tab with the blanks beside it is one blank."""
    parts = (part.strip() for part in re.split(r"[\t\n]", clean_prose(text)))
    return " ".join(part for part in parts if part)


def quoted(text: str) -> str:
    """The text between Chinese quotation marks; those within it become single ones, as is the rule."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


def fold(text: str) -> str:
    """Text as a search compares it: without what people cannot see or do not type alike.

    Width, case, blanks, the dots within names (· • ・ ．) and invisible characters make no difference. A full stop
    counts within numbers, codes and addresses only: 0.5 is not 05.
    """
    plain = unicodedata.normalize("NFKC", clean_prose(text)).casefold()
    return _LOOSE_STOPS.sub("", _DOTS.sub("", _SHAPING.sub("", "".join(plain.split()))))


def search_key(text: str | None) -> str:
    """What is kept beside a name for searches to compare, cut where no name is so long."""
    return fold(text or "")[:MAX_KEY]


def fold_width(text: str) -> str:
    """A number, code or name of a login as it is meant: nothing invisible, no blanks around it, half width."""
    return clean_line(unicodedata.normalize("NFKC", clean_line(text)))


def read_phone(text: str) -> str:
    """A phone number as people write it, as digits: +86, blanks, hyphens, brackets and width make no difference.

    Of a landline number the hyphens stay. What is no number stays as it is.
    """
    plain = re.sub(r"^(tel|手机|电话)[:：]?(?=[+(0-9])", "", fold_width(text).strip("'‘’`"), flags=re.IGNORECASE)
    plain = _DASHES.sub("-", "".join(plain.split()))
    plain = re.sub(r"(?<=^1[0-9]{10})\.0+$", "", plain)  # what a program made of a number in a sheet
    digits = re.sub(r"^(\+|00)86|^86(?=1[0-9]{10}$)", "", re.sub("[-.()]", "", plain))
    if re.fullmatch("1[0-9]{10}", digits):
        return digits
    bare = re.sub(r"^\(?(\+|00)86\)?-?\(?0?(?=[1-9])", "0", plain)
    return re.sub(r"^\(?(0[0-9]{2,3})\)-?", r"\1-", bare)
