"""Where to go after signing in: within the console, nowhere else."""

import re

HOME = "/console/"
_PATH = re.compile(r"/console(?:/(?!/)[A-Za-z0-9_.~!$&'()*+,;=:@%/-]*)?(?:\?[A-Za-z0-9_.~!$&'()*+,;=:@%/?-]*)?")


def safe_next(wanted: str | None, *, default: str = HOME) -> str:
    """`wanted` if it is a plain path within the console, else `default`. Never another host or the sign-in."""
    if not wanted or len(wanted) > 2000 or not _PATH.fullmatch(wanted):
        return default
    if "//" in wanted or "/.." in wanted or wanted.startswith(("/console/sign-in", "/console/sign-out")):
        return default
    return wanted
