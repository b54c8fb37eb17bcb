"""Whether a text holds a word, as both databases see it: signs of patterns are signs like others."""

import pytest
from sqlalchemy import String, column, literal, select

from server.core.db import Database
from server.kit.filters import holds

TEXT = "三号楼 50%_a\\b 配电箱 Box"
WORDS = {
    "配电箱": True, "箱 B": True, "box": True, "BOX": True, "%": True, "50%": True, "5%0": False, "_a": True,
    "楼_": False, "\\": True, "/": False, "'": False, "电配": False,
}  # fmt: skip


@pytest.mark.parametrize(("word", "is_there"), WORDS.items())
def test_a_text_holds_a_word_or_not(database: Database, word: str, is_there: bool) -> None:
    told = select(literal(TEXT, String()).label("told")).subquery()
    with database.reading() as session:
        found = session.scalar(select(holds(column("told", String()), word)).select_from(told))
    assert bool(found) is is_there
