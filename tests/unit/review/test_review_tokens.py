"""Search tokens: what the index holds and what a query asks for."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.core.text import fold
from server.review.search.rules import (
    BREAK,
    postgresql_document,
    postgresql_query,
    sqlite_document,
    sqlite_query,
    terms_of,
    tokens_of,
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(st.lists(texts, max_size=4))
def test_tokens_are_letters_and_digits_that_no_tokenizer_takes_apart(fields: list[str]) -> None:
    assert all(token.isascii() and token.isalnum() for token in tokens_of(fields))


@given(st.lists(texts, min_size=2, max_size=4))
def test_a_break_stands_between_any_two_fields(fields: list[str]) -> None:
    tokens = tokens_of(fields)
    assert tokens.count(BREAK) == sum(1 for field in fields if fold(field))
    assert all(not (len(one) == 7 and other != BREAK) for one, other in pairwise(tokens))


def test_width_case_and_white_space_make_no_difference() -> None:
    assert tokens_of(["ＡＢ　c"]) == tokens_of(["abC"])


def test_a_query_is_split_at_white_space_and_kept_short() -> None:
    assert terms_of("  配电箱\u3000裸露 ") == ["配电箱", "裸露"]
    assert terms_of("   ") == []
    assert len(terms_of("一 二 三 四 五 六 七")) == 5
    assert len(terms_of("长" * 500)[0]) == 40


def test_queries_are_phrases_and_single_characters_are_prefixes() -> None:
    assert sqlite_query(["电箱", "门"]) == '"x0075357bb1" AND x0095e8*'.replace("x0075357bb1", "x007535007bb1")
    assert postgresql_query(["配电箱", "门"]) == "(x00914d007535 <-> x007535007bb1) & x0095e8:*"
    assert sqlite_document(["a", "b"]) == "a b"
    assert postgresql_document(["a", "b"]) == "a:1 b:2"
