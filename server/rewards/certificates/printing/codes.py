"""Codes of certificates: 60 random bits, in letters and digits that are not taken for one another. Pure."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


def new_code() -> str:
    """A fresh code: AB12-CD34-EF56."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def read_code(typed: str) -> str | None:
    """The code as it is kept, from what somebody typed; None if it cannot be one."""
    plain = typed.upper().translate(_READ_AS)
    if len(plain) != GROUPS * GROUP or set(plain) - set(ALPHABET):
        return None
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))
