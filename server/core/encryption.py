"""Secrets at rest. Columns of these types hold ciphertext, under keys that follow from SECRET_KEY: whoever gets hold of
a backup or of the database alone reads none of them.

The keys belong to a database's dialect, which is what SQLAlchemy hands to a column type. Two encryptions of one value
differ, so such columns cannot be searched.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import JSON, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from server.core.errors import Unavailable

PURPOSE = b"suishoupai columns 1"
SEALED = "sealed"


class Unreadable(Unavailable):
    """What is stored was encrypted under another key than those at hand."""

    code = "secret_unreadable"
    message = "服务器换过密钥，以前存下的密文读不出来。请告诉管理服务器的人：要把原来的密钥也设上。"


class Keyring:
    """Encrypts under the first of some secrets, reads what was encrypted under any of them."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(urlsafe_b64encode(_derive(secret))) for secret in secrets if secret])

    def encrypt(self, text: str) -> str:
        """ASCII, about 1.4 times as long and 100 characters more."""
        return self._keys.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Raises Unreadable."""
        try:
            return self._keys.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise Unreadable from error


def _derive(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())


_keyrings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def set_keyring(dialect: Dialect, keyring: Keyring) -> None:
    """Encrypt with `keyring` whatever goes through the engine of that dialect."""
    _keyrings[dialect] = keyring


def keyring_of(dialect: Dialect) -> Keyring:
    """Raises KeyError for an engine that was not opened as a Database."""
    return _keyrings[dialect]


class EncryptedText(TypeDecorator[str]):
    """A secret text. Reading raises Unreadable when no key fits."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring_of(dialect).encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring_of(dialect).decrypt(value)


class EncryptedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object that can be fetched again: it reads as empty when no key fits."""

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else {SEALED: keyring_of(dialect).encrypt(json.dumps(value))}

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        try:
            found: dict[str, Any] = json.loads(keyring_of(dialect).decrypt(value.get(SEALED, "")))
        except Unreadable:
            return {}
        return found


def is_encrypted(column_type: object) -> bool:
    """Whether a column of that type holds ciphertext."""
    return isinstance(column_type, EncryptedText | EncryptedJson)
