"""What the winter template asks: all of it, nothing dangerous, and no verdict."""

import re

from server.assignments.forms.schemas import CheckField
from server.oversight.inspections.queries import templates

HEATING = templates()["winter_heating_gas"]
ASKING_TOO_MUCH = re.compile("(?<!不)(打开|点火|登高|爬|拆|拧|扳|转动|进入)")
"""What no worker is to do; where an item has such a word it says 不 before it."""


def test_the_heating_template_has_its_ninety_two_items_in_five_parts() -> None:
    counts = [len(section.fields) for section in HEATING.definition.sections]
    assert (counts, sum(counts)) == ([30, 27, 10, 10, 15], 92)
    for item in HEATING.definition.fields():
        assert isinstance(item, CheckField)
        assert all((item.criterion, item.basis, item.place, item.required, item.grade)), item


def test_no_item_asks_a_worker_to_open_light_climb_or_enter() -> None:
    for item in HEATING.definition.fields():
        assert isinstance(item, CheckField)
        words = f"{item.label}。{item.criterion}".replace("擅自安装、改装、拆除", "")
        assert not ASKING_TOO_MUCH.search(words), (item.key, words)
    assert all("不打开、不点火、不登高、不进入" in section.intro for section in HEATING.definition.sections)


def test_a_clause_of_a_major_hazard_is_named_with_its_standard_and_never_as_a_verdict() -> None:
    checks = [item for item in HEATING.definition.fields() if isinstance(item, CheckField)]
    named = {item.key: item.suspected_major for item in checks if item.suspected_major}
    assert {"a2", "a6", "a9", "a10", "a11", "a12", "a13", "a14", "d9"} == named.keys()
    assert all(words.startswith(("GB 45067-2024 第", "工贸企业重大事故隐患判定标准")) for words in named.values())
