"""Search by substring in Chinese text: two neighbouring characters make a token, a query is a phrase of them. Pure.

Tokens are plain ASCII (`x` and twelve hexadecimal digits: the code points), so that no tokenizer of either database
takes them apart. The last character of a field stands alone as a half token; a query of one character is a prefix and
finds it too. `z` keeps fields apart. Both are folded (server/core/text.py): width, case, blanks and dots within names
make no difference. PostgreSQL remembers 256 places of a token per document; only text that repeats itself endlessly has
more.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from server.core.text import fold

BREAK = "z"
MAX_TERMS = 5
MAX_TERM = 40  # characters


def _code(character: str) -> str:
    return f"{ord(character):06x}"


def _pairs(text: str) -> list[str]:
    return [f"x{_code(first)}{_code(second)}" for first, second in pairwise(text)]


def tokens_of(fields: Iterable[str]) -> list[str]:
    """The tokens of a document, in order, `BREAK` after each field."""
    tokens: list[str] = []
    for field in fields:
        plain = fold(field)
        if plain:
            tokens += [*_pairs(plain), f"x{_code(plain[-1])}", BREAK]
    return tokens


def terms_of(query: str) -> list[str]:
    """The words of a query that must all occur: split at white space, normalised, as many and long as is sane."""
    return [plain[:MAX_TERM] for word in query.split() if (plain := fold(word))][:MAX_TERMS]


def sqlite_document(tokens: Sequence[str]) -> str:
    """The tokens as FTS5 indexes them."""
    return " ".join(tokens)


def postgresql_document(tokens: Sequence[str]) -> str:
    """The tokens as the text of a tsvector, with their places."""
    return " ".join(f"{token}:{place}" for place, token in enumerate(tokens, 1))


def sqlite_query(terms: Sequence[str]) -> str:
    """Terms as an FTS5 MATCH expression."""
    return " AND ".join(f"x{_code(term)}*" if len(term) == 1 else f'"{" ".join(_pairs(term))}"' for term in terms)


def sqlite_parts(terms: Sequence[str]) -> list[str]:
    """What the text of a document holds that has all terms: their tokens side by side, the beginning of a token."""
    return [f"x{_code(term)}" if len(term) == 1 else " ".join(_pairs(term)) for term in terms]


def postgresql_query(terms: Sequence[str]) -> str:
    """Terms as the text of a tsquery."""
    return " & ".join(f"x{_code(term)}:*" if len(term) == 1 else f"({' <-> '.join(_pairs(term))})" for term in terms)
