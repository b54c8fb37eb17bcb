"""How a draw comes to its winners: format `suishoupai-draw-1`. Pure; docs/decisions/0024 states it in words, and
scripts/verify_draw does the same without this module."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FORMAT = "suishoupai-draw-1"
WORD = 8  # bytes of one random number
WORDS = 1 << (8 * WORD)


def canonical(value: Mapping[str, Any]) -> bytes:
    """JSON as it is hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_terms(terms: Mapping[str, Any]) -> str:
    """The SHA-256 of what was promised before the close, in hex."""
    return hashlib.sha256(canonical(terms)).hexdigest()


def hash_seed(seed: str) -> str:
    """The SHA-256 of the seed's bytes; both in hex."""
    return hashlib.sha256(bytes.fromhex(seed)).hexdigest()


def salt_of(key: str, person_id: object) -> str:
    """The salt of an entrant, 32 hex digits: it follows from a key that was fixed before the close, so that nobody can
    try salts until the list suits them."""
    return hmac.digest(bytes.fromhex(key), str(person_id).encode(), "sha256").hex()[:32]


def hash_entrant(salt: str, person_id: object) -> str:
    """How somebody stands in the published list: SHA-256 of "salt:id", the id in lower case with hyphens."""
    return hashlib.sha256(f"{salt}:{person_id}".encode()).hexdigest()


def hash_entrants(hashes: Sequence[str]) -> str:
    """The SHA-256 of the list: its hashes in ascending order, each followed by a line feed."""
    digest = hashlib.sha256()
    for each in hashes:
        digest.update(f"{each}\n".encode())
    return digest.hexdigest()


def random_words(seed: str, value: str, terms_hash: str, entrants_hash: str) -> Iterator[int]:
    """Numbers below 2^64: four of each HMAC-SHA256 block, big-endian; blocks are counted from 0."""
    counter = 0
    while True:
        message = f"{FORMAT}\n{terms_hash}\n{entrants_hash}\n{value}\n{counter}".encode()
        block = hmac.digest(bytes.fromhex(seed), message, "sha256")
        for start in range(0, len(block), WORD):
            yield int.from_bytes(block[start : start + WORD], "big")
        counter += 1


def below(bound: int, words: Iterator[int]) -> int:
    """A number below `bound`, each equally likely: words in the incomplete last stretch of 2^64 are thrown away."""
    limit = WORDS - WORDS % bound
    word = next(words)
    while word >= limit:
        word = next(words)
    return word % bound


def draw_positions(entrants: int, places: int, words: Iterator[int]) -> list[int]:
    """The entrants' positions (from 1) by place: a Fisher–Yates shuffle, stopped after `places` steps."""
    moved: dict[int, int] = {}
    drawn = []
    for step in range(min(entrants, places)):
        other = step + below(entrants - step, words)
        drawn.append(moved.get(other, other) + 1)
        moved[other] = moved.get(step, step)
    return drawn
