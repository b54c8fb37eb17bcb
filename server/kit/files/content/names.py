"""What a file is called: as its sender called it, without what could mean anything to a system."""

import re
from pathlib import PurePosixPath

from server.core.text import clean_line
from server.kit.files.rules import EXTENSIONS

MAX_NAME = 100
UNNAMED = "附件"
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


def clean_name(name: str, media_type: str) -> str:
    """The last part of a path, visible, with an ending of its type, MAX_NAME characters at most."""
    last = clean_line(re.split(r"[/\\]", name.replace("\0", ""))[-1])
    plain = _FORBIDDEN.sub("_", last).strip(" .") or UNNAMED
    endings = EXTENSIONS[media_type]
    ending = PurePosixPath(plain).suffix
    if ending.lower() in endings:
        stem = plain[: -len(ending)].strip(" .") or UNNAMED
    else:
        stem, ending = plain, endings[0]
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return stem[: MAX_NAME - len(ending)].rstrip(" .") + ending
