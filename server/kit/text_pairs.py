"""Words in the titles of a long list, found by an index of the pairs of neighbouring characters in them: to look
through a hundred thousand titles takes longer than a page may.

PostgreSQL alone has it, over `text_pairs` of two columns with a line break between them, so that no word reaches from
one into the other (the migration that finds letters by pairs of characters). The function is said to be dear: it is
asked of a row only when that row holds the word anyway. SQLite goes on looking through an index that holds the texts.
"""

from typing import Any

from sqlalchemy import Column, ColumnElement, String, func, literal
from sqlalchemy.orm import Session


def may_hold(session: Session, word: str, first: Column[Any], second: Column[Any]) -> list[ColumnElement[bool]]:
    """What a row fulfils that holds the word in one of the columns, as the index knows it: to be asked beside that.
    Nothing where the index does not help: a single character, and letters that may be written in capitals."""
    if session.get_bind().dialect.name != "postgresql" or len(word) < 2 or word.lower() != word.upper():
        return []
    pairs = func.text_pairs(first + func.chr(10) + second)
    return [pairs.bool_op("@>")(func.text_pairs(literal(word, String())))]
