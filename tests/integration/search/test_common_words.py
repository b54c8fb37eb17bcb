"""Words find the same whether they stand in few reports, in many, or nearly everywhere: only the way there differs."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from server.review.search import queries
from tests.integration.search.test_lists_by_number_and_words import RECTIFICATIONS
from tests.integration.search.test_lists_by_number_and_words import number as number
from tests.support.callers import Desk
from tests.support.world import Someone, World

WORDS = (("吊限位", True), ("海船舶 失灵", True), ("吊", True), ("吊失", False), ("蒸汽管", False), ("%", False))


@pytest.mark.parametrize(
    ("few", "many", "common"), [(100, 20_000, 50), (0, 20_000, 50), (0, 0, 50), (0, 20_000, 1)]
)  # the last is PostgreSQL's alone, which looks at the newest texts first
def test_words_find_the_same_by_each_way(
    world: World, desk_of: Callable[[Someone], Desk], number: str, monkeypatch: pytest.MonkeyPatch,
    few: int, many: int, common: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(queries, "COMMON", common)
    monkeypatch.setattr(queries, "FEW", few)
    monkeypatch.setattr(queries, "MANY", many)
    desk = desk_of(world.people.town_reviewer)
    for words, is_found in WORDS:
        page = desk.get(f"{RECTIFICATIONS}?q={quote(words)}").ok().text
        assert ("龙门吊限位失灵" in page) == is_found, words
