"""Passwords: argon2id, checked in the same time whether or not the name is known."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.core.errors import Invalid
from server.core.text import clean_line
from server.unions.accounts.credentials.common_passwords import is_common

MIN_LENGTH = 10
MAX_LENGTH = 200
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
GROUPS, GROUP = 4, 4

# The least that OWASP advises: a web process must stay small.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


# Each hash takes 19 MiB while it is made: a crowd at the door must not fill the memory of the process.
_at_once = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """An argon2id hash with its parameters and salt, of what can be seen of the password."""
    with _at_once:
        return _hasher.hash(clean_line(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`. Without one a dummy is checked, and the answer is False.

    What comes along when a password is copied, blanks around it and what cannot be seen, is forgiven.
    """
    return any(_is_behind(stored, spelling) for spelling in dict.fromkeys((password, clean_line(password))))


def _is_behind(stored: str | None, password: str) -> bool:
    try:
        with _at_once:
            _hasher.verify(stored or _dummy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def check_strength(password: str, *, username: str) -> None:
    """Raise Invalid for a password that is too short, too long, all of one kind, built on the name or common."""
    password = clean_line(password)
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid(f"密码要 {MIN_LENGTH} 到 {MAX_LENGTH} 个字符。", code="weak_password")
    if len(set(password)) < 5 or password.isdigit():
        raise Invalid("密码太简单：请混用字母和数字。", code="weak_password")
    if username.casefold() in password.casefold():
        raise Invalid("密码里不能有登录名。", code="weak_password")
    if is_common(password):
        raise Invalid("这个密码很多人在用，容易被猜到，请换一个。", code="weak_password")


def one_time_password() -> str:
    """A readable random password (79 bits) to be changed at the first sign-in."""
    return readable_secret()


def readable_secret() -> str:
    """16 random letters and digits in groups of four, to be copied by hand: 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


@cache
def _dummy() -> str:
    return _hasher.hash(secrets.token_hex(16))
