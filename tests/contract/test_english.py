"""Who reads English gets English where the service writes too: messages, refusals, names of states and kinds."""

import json

from tests.support.served_words import is_in_source, served_sentences
from tests.support.sources import ROOT

NAMES = {"{0}工会"}  # unions keep theirs


def test_all_that_the_service_says_to_the_phone_has_its_english() -> None:
    """Values by number as in the source: an f-string `“{excerpt}”已{how}。` is “{0}”已{1}。 in en.json, and so is a sentence of it."""
    english = json.loads((ROOT / "miniprogram/src/i18n/en.json").read_text(encoding="utf-8"))["service"]
    said = served_sentences()
    assert len(said) > 600
    assert sorted(said - set(english) - NAMES) == []
    assert [each for each in english if each not in said and not is_in_source(each)] == []
