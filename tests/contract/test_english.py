"""Who reads English gets English where the service writes too: messages, refusals, names of states, the policy."""

import json
from functools import cache
from typing import Any, cast

import pytest
from flask import Flask

from server.activities.quiz.bank.texts import TOPICS
from server.core.settings import Settings
from server.unions.campaigns.texts import STANDARD_CATEGORIES, STANDARD_GRADES
from server.unions.policies.texts import Outsider, changes_text, outsiders
from tests.support.callers import Phone
from tests.support.served_words import is_in_source, served_sentences
from tests.support.sources import ROOT

NAMES = {"{0}工会"}  # unions keep theirs


@cache
def english(section: str) -> dict[str, str]:
    """What the phone knows of the service's words, by their Chinese."""
    words = json.loads((ROOT / "miniprogram/src/i18n/en.json").read_text(encoding="utf-8"))
    return cast(dict[str, str], words[section])


def test_all_that_the_service_says_to_the_phone_has_its_english() -> None:
    """Values by number, sentence by sentence: an f-string `“{excerpt}”已{how}。` is “{0}”已{1}。 in en.json."""
    said = served_sentences()
    assert len(said) > 600
    standard = {*TOPICS, *(each.name for each in (*STANDARD_CATEGORIES, *STANDARD_GRADES))}
    said |= standard | {each.hint for each in STANDARD_CATEGORIES if each.hint}
    assert sorted(said - set(english("service")) - NAMES) == []
    assert [each for each in english("service") if each not in said and not is_in_source(each)] == []


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_the_policy_that_comes_with_the_program_has_its_english(app: Flask, phone: Phone) -> None:
    """Line by line, those that the settings bring in among them; the phone shows it in English whole or not at all."""
    policy: dict[str, Any] = phone.get("/api/v1/privacy/policy").ok().json
    lines = [line for part in policy["sections"] for line in (part["title"], *part["lines"])]
    settings: Settings = app.extensions["settings"]
    changed = {"sms_provider": "https", "vision_url": "https://see.example.org", "vision_for_review": True}
    brought = outsiders(
        settings.model_copy(
            update={
                **changed,
                "vision_name": "{0}",
                "map_tiles_url": "https://map.example.org",
                "map_tiles_name": "{0}",
            }
        )
    ).values()
    assert len(brought) == len(Outsider)
    changes = [*policy["changes"].splitlines(), *changes_text(["{0}"], ["{0}"]).splitlines()]
    assert [line for line in (*lines, *brought, *changes) if line not in english("policy")] == []
