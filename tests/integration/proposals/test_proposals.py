"""A machine's proposal for a photo: off unless the operator wants it, nobody's, small, never waited for too long."""

import json
from typing import Any

import pytest
from flask import Flask

from server.core.settings import SettingsError, load_settings
from server.core.storage.base import ObjectStore
from server.vision import chat_completions
from tests.integration.proposals.looking import PROPOSED, SETTINGS
from tests.simulators.vision.server import Model
from tests.support import images
from tests.support.callers import Answer, Phone
from tests.support.images import Sample
from tests.support.world import World

PROPOSAL = "/api/v1/hazards/proposal"
NOTHING = {"category": None, "description": ""}
on = pytest.mark.settings(**SETTINGS)
told = pytest.mark.usefixtures("told")


def ask(phone: Phone, sample: Sample | None = None) -> Answer:
    sample = sample or images.jpeg()
    return phone.post(PROPOSAL, fields={}, files={"file": (sample.name, sample.content, sample.media_type)})


@on
@told
def test_a_photo_goes_out_small_and_nobodys_and_is_kept_nowhere(
    phone: Phone, model: Model, world: World, object_store: ObjectStore
) -> None:
    for sample in (images.jpeg(2, orientation=6, size=(3000, 2000)), images.png(), images.heic()):
        assert ask(phone, sample).ok().json == PROPOSED
    for said in model.asked:
        for secret in (
            str(world.people.worker.id),
            world.people.worker.name,
            str(world.unions.shipyard),
            "造船",
            "青岛",
        ):
            assert secret not in said
    assert list(object_store.staging.iterdir()) == []
    assert phone.get("/api/v1/privacy").json["vision"] == "某某识别"


SAYINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "fenced": (f"好的：\n```json\n{json.dumps(PROPOSED)}\n```", PROPOSED),
    "no such category": (json.dumps(PROPOSED | {"category": "无"}), PROPOSED | {"category": None}),
    "a plate": (json.dumps(PROPOSED | {"description": "鲁B12345堵了通道"}), PROPOSED | {"description": ""}),
    "a null and a break": (
        json.dumps(PROPOSED | {"description": "纸箱\x00\n堵路"}),
        PROPOSED | {"description": "纸箱 堵路"},
    ),
    "long": (json.dumps(PROPOSED | {"description": "长" * 500}), PROPOSED | {"description": "长" * 120}),
    "other types": (json.dumps({"category": ["fire"], "description": 7}), NOTHING),
    "prose": ("看不清楚", NOTHING),
    "braces": ("{" * 3000, NOTHING),
    "nothing seen": (json.dumps({"category": None, "description": None}), NOTHING),
}


@on
@told
def test_of_an_answer_only_a_category_that_exists_and_one_clean_sentence_are_taken(phone: Phone, model: Model) -> None:
    for name, (model.says, proposed) in SAYINGS.items():
        assert ask(phone).ok().json == proposed, name


@on
@told
def test_a_model_in_trouble_is_given_up_for_a_while_and_costs_nobody_their_report(
    phone: Phone, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_completions, "TOTAL_SECONDS", 0.2)
    odd: list[dict[str, Any]] = [
        {"status": 500}, {"status": 302}, {"body": b"not json"}, {"body": b"x" * 70_000}, {"pause": 0.05},
    ]  # fmt: skip
    for trouble in odd:
        vars(model).update({"status": 200, "body": None, "pause": 0.0} | trouble)
        answer = ask(phone)
        assert (answer.status, answer.code) == (503, "proposal_unavailable")
    vars(model).update(status=200, body=None, pause=0.0)
    assert (ask(phone).status, len(model.asked)) == (503, len(odd))  # not even asked
    phone.report()


@on
@told
def test_what_is_no_photo_goes_nowhere(phone: Phone, model: Model) -> None:
    for sample in (images.disguised(), images.truncated(), images.empty(), images.bomb()):
        assert 400 <= ask(phone, sample).status < 500
    assert ask(phone, Sample(b"x" * (4 * 1024 * 1024))).status == 413
    assert model.asked == []


@pytest.mark.settings(**SETTINGS, day_proposals=2, rate_limits=True)
@told
def test_a_person_asks_so_often_a_day(phone: Phone, model: Model) -> None:
    answers = [ask(phone) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]


def test_it_is_off_until_the_operator_names_who_looks(
    phone: Phone, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(phone)
    assert (answer.status, answer.code) == (404, "proposals_off")
    assert phone.get("/api/v1/privacy").json["vision"] == ""
    monkeypatch.setenv("SUISHOUPAI_SECRET_KEY", "k9" * 8 + "abcdefghijklmnop")
    for url, name in (("http://vision.example.org/v1", "某某识别"), ("https://vision.example.org/v1", ""), ("x", "x")):
        for variable, value in (("URL", url), ("MODEL", "m"), ("NAME", name)):
            monkeypatch.setenv(f"SUISHOUPAI_VISION_{variable}", value)
        with pytest.raises(SettingsError, match="vision_"):
            load_settings()
