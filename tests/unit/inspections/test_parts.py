"""An enterprise is asked the parts that concern it, and until it was asked those that may."""

import pytest

from server.assignments.forms.schemas import Definition
from server.oversight.inspections.rules import parts_for

FORM = Definition.model_validate(
    {
        "sections": [
            {"key": "all", "title": "都要查", "fields": []},
            {"key": "boiler", "title": "锅炉", "concerns": ["coal_boiler", "other_boiler"], "fields": []},
            {"key": "gas", "title": "管道气", "concerns": ["piped_gas"], "fields": []},
        ]
    }
)


@pytest.mark.parametrize(
    ("traits", "asked"),
    [
        ({}, ["all", "boiler", "gas"]),
        ({"piped_gas": False}, ["all", "boiler"]),
        ({"coal_boiler": False, "piped_gas": True}, ["all", "boiler", "gas"]),
        ({"coal_boiler": False, "other_boiler": False, "piped_gas": True}, ["all", "gas"]),
        ({"coal_boiler": True, "other_boiler": False, "piped_gas": False}, ["all", "boiler"]),
        ({"coal_boiler": False, "other_boiler": False, "piped_gas": False}, ["all"]),
    ],
)
def test_parts_follow_the_traits(traits: dict[str, bool], asked: list[str]) -> None:
    assert [section.key for section in parts_for(FORM, traits).sections] == asked
