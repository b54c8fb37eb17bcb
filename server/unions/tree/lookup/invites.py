"""Invite codes: short enough to read out on a shop floor, too many to guess."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
LENGTH = 8


def new_invite_code() -> str:
    """A fresh invite code (31^8, about 8.5e11, of them)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise_invite_code(text: str) -> str:
    """An invite code as people type it: any case, spaces and dashes do not matter."""
    return re.sub(r"[\s-]+", "", text).upper()
