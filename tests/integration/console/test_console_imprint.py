"""Where complaints about the service go, and its filing number, stand on both faces."""

from collections.abc import Callable

import pytest

from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World

SETTINGS = {
    "organisation_name": "某市总工会",
    "complaints_contact": "0532-1234",
    "filing_number": "鲁ICP备00000000号-1X",
}


@pytest.mark.settings(**SETTINGS)
def test_complaints_and_the_filing_number_stand_on_the_console_and_the_phone(
    desk_of: Callable[[Someone | None], Desk], phone_of: Callable[[None], Phone], world: World
) -> None:
    pages = [
        desk_of(None).get("/console/sign-in").text,
        desk_of(world.people.town_reviewer).get("/console/queue").text,
    ]
    for page in pages:
        for words in SETTINGS.values():
            assert words in page
    told = phone_of(None).get("/api/v1/privacy").ok().json
    assert (told["complaints"], told["filing_number"]) == ("0532-1234", "鲁ICP备00000000号-1X")


@pytest.mark.settings(privacy_contact="找你单位的工会")
def test_without_settings_complaints_go_where_questions_about_data_go_and_no_number_is_shown(
    desk_of: Callable[[Someone | None], Desk], phone_of: Callable[[None], Phone]
) -> None:
    assert "投诉建议：找你单位的工会" in desk_of(None).get("/console/sign-in").text
    assert phone_of(None).get("/api/v1/privacy").json["filing_number"] == ""
