"""What a hazard report may say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.activities.hazards.schemas import HazardIn
from server.core.ids import new_id

POINT = {"latitude": 36.06, "longitude": 120.38, "datum": "wgs84", "accuracy": 20.0}


def report(**changes: Any) -> dict[str, Any]:
    photo = {"sha256": "a" * 64, "size": 1000}
    return {"category": "fire", "place": "东门", "coordinates": POINT, "photos": [photo], **changes}


def test_words_may_be_missing_where_there_is_a_point() -> None:
    assert HazardIn.model_validate(report(place="", description="")).place == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "", "coordinates": None},
        {"place": "   ", "coordinates": None},
        {"coordinates": {**POINT, "latitude": 90.1}},
        {"coordinates": {**POINT, "longitude": -180.1}},
        {"coordinates": {**POINT, "latitude": 0, "longitude": 0}},
        {"coordinates": {**POINT, "datum": "bd09"}},
        {"coordinates": {**POINT, "accuracy": -1}},
        {"coordinates": {**POINT, "latitude": float("nan")}},
        {"photos": []},
        {"photos": [{"sha256": "a" * 64, "size": 1}] * 10},
        {"photos": [{"sha256": "A" * 64, "size": 1}]},
        {"photos": [{"sha256": "a" * 64, "size": 0}]},
        {"description": "字" * 1001},
        {"category": "Fire"},
        {"category": "fire\n"},
        {"enterprise_id": str(new_id()), "area_id": str(new_id())},
        {"unknown": 1},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        HazardIn.model_validate(report(**wrong))


def test_what_cannot_be_seen_is_dropped_and_a_place_is_one_line() -> None:
    words = HazardIn.model_validate(report(description="零\x00字节\r\n第二行", place="两\n行\u202e"))
    assert (words.description, words.place) == ("零字节\n第二行", "两 行")


@given(st.text(max_size=1000))
def test_any_text_is_either_refused_or_can_be_stored_as_it_is(text: str) -> None:
    try:
        description = HazardIn.model_validate(report(description=text)).description
    except ValidationError:
        return
    assert "\x00" not in description
    assert description.encode().decode() == description
