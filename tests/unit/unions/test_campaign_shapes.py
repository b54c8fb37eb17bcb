"""What a campaign may look like."""

from typing import Any

import pytest
from pydantic import ValidationError

from server.unions.campaigns.schemas import CampaignIn
from server.unions.demo.content import CAMPAIGN

PICTOGRAMS = [
    "fire", "electricity", "machinery", "height", "vehicle", "lifting", "chemical", "gas", "health", "collapse",
    "passage", "behavior", "ppe", "other",
]  # fmt: skip


def changed(**changes: Any) -> dict[str, Any]:
    return CAMPAIGN.model_dump(mode="json") | changes


def test_the_demo_campaign_has_a_category_for_every_pictogram_in_order() -> None:
    assert [category.code for category in CAMPAIGN.categories] == PICTOGRAMS
    assert all(category.hint for category in CAMPAIGN.categories)


def test_the_demo_campaign_survives_being_written_down() -> None:
    assert CampaignIn.model_validate(changed()) == CAMPAIGN


def test_a_period_runs_forward() -> None:
    with pytest.raises(ValidationError, match="结束日期"):
        CampaignIn.model_validate(changed(ends_on="2019-12-31"))


@pytest.mark.parametrize("numbers", [[1, 2, 3], [1, 2, 3, 3], [4, 3, 2, 1], [1, 2, 3, 4, 4], []])
def test_grades_run_from_one_to_four(numbers: list[int]) -> None:
    grades = [{"grade": number, "name": "某级", "criteria": ""} for number in numbers]
    with pytest.raises(ValidationError, match="一级到四级"):
        CampaignIn.model_validate(changed(grades=grades))


def test_category_codes_are_told_apart() -> None:
    twice = [{"code": "fire", "name": "消防"}, {"code": "fire", "name": "火灾"}]
    with pytest.raises(ValidationError, match="不能重复"):
        CampaignIn.model_validate(changed(categories=twice))


@pytest.mark.parametrize("code", ["", "Fire", "火", "a", "1fire", "fire!", "x" * 31, "fire\n"])
def test_category_codes_are_plain(code: str) -> None:
    with pytest.raises(ValidationError):
        CampaignIn.model_validate(changed(categories=[{"code": code, "name": "某类"}]))


def test_without_any_category_there_is_no_campaign() -> None:
    with pytest.raises(ValidationError):
        CampaignIn.model_validate(changed(categories=[]))
