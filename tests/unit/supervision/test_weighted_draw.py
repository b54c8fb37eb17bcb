"""The draw of whom to visit: as documented, the same in scripts/verify_draw, within every quota, fair by weight."""

import copy
import json
from collections import Counter
from decimal import Decimal
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.kit.draws.algorithm import hash_seed, hash_terms
from server.kit.draws.spelling import VALUE_FORMS, terms_of
from server.kit.draws.weighted import FORMAT, MOST_WEIGHT, draw, find_faults, random_share, sort_key
from tests.support.examples import examples
from tests.support.sources import ROOT

SEED = "00112233445566778899aabbccddeeff" * 2
SEEDS = st.from_regex("[0-9a-f]{64}", fullmatch=True)
WEIGHTS = st.one_of(st.just(0), st.integers(1, 300), st.just(MOST_WEIGHT))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """scripts/verify_draw as a module."""
    loader = SourceFileLoader("verify_visits", str(ROOT / "scripts" / "verify_draw"))
    spec = spec_from_loader("verify_visits", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def frame_of(units: list[dict[str, Any]], strata: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "format": FORMAT, "draw_id": "d", "units": units, "strata": strata, "excluded": [], "inspectors": [],
        "inspectors_each": 0, "recusals": [], "seed_hash": hash_seed(SEED), "public_value_source": "上证指数收盘",
        "public_value_form": terms_of(VALUE_FORMS["index"]), "public_value_due_on": "2026-12-09", **more,
    }  # fmt: skip


@st.composite
def frames(draw_: st.DrawFn) -> dict[str, Any]:
    names = ["化工", "高危", "其他"][: draw_(st.integers(1, 3))]
    units = [
        {"id": f"{at:03}", "name": f"企业{at}", "stratum": draw_(st.sampled_from(names)), "weight": draw_(WEIGHTS)}
        for at in range(draw_(st.integers(1, 25)))
    ]
    able = Counter(unit["stratum"] for unit in units if unit["weight"])
    strata = [
        {"name": name, "quota": draw_(st.integers(0, able[name])), "reserves": draw_(st.integers(0, 3))}
        for name in names
    ]
    excluded = [{"id": f"x{at}", "name": f"停产{at}", "reason": "已停产"} for at in range(draw_(st.integers(0, 2)))]
    inspectors = [{"id": f"p{at}"} for at in range(draw_(st.integers(2, 6)))]
    away = draw_(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 24)), max_size=8))
    return frame_of(
        units, strata, excluded=excluded, inspectors=inspectors, inspectors_each=2,
        recusals=[{"inspector": f"p{one}", "unit": f"{unit:03}", "reason": "近亲属"} for one, unit in sorted(away)],
    )  # fmt: skip


def published(frame: dict[str, Any], seed: str = SEED, value: str = "3312.45") -> dict[str, Any]:
    frame = {**frame, "seed_hash": hash_seed(seed)}
    frame_hash = hash_terms(frame)
    places = [
        {"stratum": each.stratum, "place": each.place, "unit": each.unit, "is_reserve": each.is_reserve,
         "inspectors": list(each.inspectors)}
        for each in draw(frame, frame_hash, seed, value)
    ]  # fmt: skip
    return {
        "format": FORMAT, "frame": frame, "frame_hash": frame_hash, "frozen_at": "2026-12-08T08:00:00+00:00",
        "seed": seed, "public_value": value, "places": places, "replacements": [],
    }  # fmt: skip


def judged(script: ModuleType, file: dict[str, Any], noted: str | None = None) -> int:
    check = script.Check()
    script.verify_visits(file, SimpleNamespace(frame_hash=noted), check)
    return int(check.wrong)


@settings(max_examples=examples(15, full=200))
@given(frames(), SEEDS)
def test_quotas_are_kept_exclusions_stay_out_and_the_script_agrees(
    script: ModuleType, frame: dict[str, Any], seed: str
) -> None:
    file = published(frame, seed)
    assert file == published(copy.deepcopy(frame), seed)  # same seed, same result
    weights = {unit["id"]: unit["weight"] for unit in frame["units"]}
    drawn = [place["unit"] for place in file["places"]]
    assert len(set(drawn)) == len(drawn)
    assert all(weights.get(unit, 0) > 0 for unit in drawn)
    for stratum in frame["strata"]:
        those = [place for place in file["places"] if place["stratum"] == stratum["name"]]
        assert sum(not place["is_reserve"] for place in those) == stratum["quota"]
        assert [place["place"] for place in those] == list(range(1, len(those) + 1))
    away = {(each["inspector"], each["unit"]) for each in frame["recusals"]}
    able = {place["unit"]: [one for one in frame["inspectors"] if (one["id"], place["unit"]) not in away]
            for place in file["places"]}  # fmt: skip
    for place in file["places"]:
        assert len(set(place["inspectors"])) == min(2, len(able[place["unit"]]))
        assert not {(one, place["unit"]) for one in place["inspectors"]} & away
    assert judged(script, file, file["frame_hash"]) == 0


@settings(max_examples=examples(20, full=200))
@given(frames(), st.data())
def test_any_change_of_the_frame_changes_the_hash(
    script: ModuleType, frame: dict[str, Any], data: st.DataObject
) -> None:
    changed = copy.deepcopy(frame)
    unit = data.draw(st.sampled_from(changed["units"]))
    match data.draw(st.sampled_from(["weight", "stratum", "gone", "quota", "excluded", "recused", "seed"])):
        case "weight":
            unit["weight"] += 1
        case "stratum":
            unit["stratum"] += "二"
        case "gone":
            changed["units"].remove(unit)
        case "quota":
            changed["strata"][0]["quota"] += 1
        case "excluded":
            changed["excluded"].append({"id": "y", "name": "后来排除的", "reason": "说不清"})
        case "recused":
            changed["recusals"].append({"inspector": "p0", "unit": unit["id"], "reason": "后来加的"})
        case _:
            changed["seed_hash"] = hash_seed("11" * 32)
    assert hash_terms(changed) != hash_terms(frame)
    file = published(frame)
    assert judged(script, {**file, "frame": changed}) > 0


@pytest.mark.parametrize(
    "change",
    [
        {"public_value": "3312.46"}, {"public_value": "3312.4"}, {"seed": "11" * 32},
        {"frozen_at": "2026-12-09T01:00:00+00:00"}, {"places": []}, {"format": "suishoupai-draw-1"},
        {"replacements": [{"unit": "000", "by": "001", "reason": "停产"}]},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_file_that_was_changed_is_found_out(script: ModuleType, change: dict[str, Any]) -> None:
    units = [{"id": f"{at:03}", "name": "", "stratum": "全部", "weight": 100} for at in range(40)]
    file = published(frame_of(units, [{"name": "全部", "quota": 20, "reserves": 5}]))
    assert judged(script, file) == 0
    assert judged(script, {**file, **change}) > 0
    assert judged(script, file, noted="0" * 64) == 1


def test_reserves_stand_in_in_their_order(script: ModuleType) -> None:
    units = [{"id": f"{at:03}", "name": "", "stratum": "全部", "weight": 100} for at in range(9)]
    file = published(frame_of(units, [{"name": "全部", "quota": 2, "reserves": 2}]))
    one, two, first, second = (place["unit"] for place in file["places"])
    swap = [{"unit": one, "by": first, "reason": "已停产"}, {"unit": first, "by": second, "reason": "搬走了"}]
    assert judged(script, {**file, "replacements": swap}) == 0
    assert judged(script, {**file, "replacements": [{"unit": two, "by": second, "reason": "想换"}]}) == 1
    assert judged(script, {**file, "replacements": [{**swap[0], "reason": ""}]}) == 1


def test_a_heavier_enterprise_is_drawn_more_often_and_a_weightless_one_never() -> None:
    units = [
        {"id": name, "name": name, "stratum": "全部", "weight": weight}
        for name, weight in (("light", 100), ("twice", 200), ("thrice", 300), ("never", 0))
    ]
    frame = frame_of(units, [{"name": "全部", "quota": 1, "reserves": 0}])
    rounds = 1200
    first = Counter(draw(frame, "ab" * 32, SEED, str(at))[0].unit for at in range(rounds))
    assert first["never"] == 0
    for name, share in (("light", 1 / 6), ("twice", 2 / 6), ("thrice", 3 / 6)):
        assert abs(first[name] / rounds - share) < 0.06, first


def test_one_draw_is_written_down_so_that_old_files_stay_verifiable() -> None:
    units = [{"id": f"{at:03}", "name": "", "stratum": "全部", "weight": 100 + 50 * (at % 3)} for at in range(8)]
    frame = frame_of(
        units, [{"name": "全部", "quota": 2, "reserves": 1}],
        inspectors=[{"id": "p0"}, {"id": "p1"}, {"id": "p2"}], inspectors_each=2,
    )  # fmt: skip
    assert hash_terms(frame) == "dbcb0a52f5a7879cf094976bbb92be5ff69371eec1d18efb2e60196de9cfdfc8"
    assert json.dumps([(each.unit, each.inspectors) for each in draw(frame, hash_terms(frame), SEED, "3312.45")]) == (
        '[["002", ["p1", "p0"]], ["007", ["p2", "p1"]], ["006", ["p0", "p2"]]]'
    )
    share = random_share(bytes.fromhex(SEED), "ab" * 32, "3312.45", "unit", "000")
    assert share == Decimal("0.45000820451174690046275535667602033473373943062837")
    assert sort_key(share, 150) == Decimal("-0.0053232630942376705632974275474769746750090084406378")


def test_what_cannot_be_drawn_from_is_said_before() -> None:
    units = [{"id": "a", "name": "甲厂", "stratum": "化工", "weight": 100}]
    strata = [{"name": "化工", "quota": 2, "reserves": 0}]
    frame = frame_of(units, strata, inspectors=[{"id": "p0"}, {"id": "p1"}], inspectors_each=2,
                     recusals=[{"inspector": "p0", "unit": "a", "reason": "原单位"}])  # fmt: skip
    assert find_faults(frame) == ["“化工”要抽 2 家，只有 1 家可以抽。", "回避以后，能去“甲厂”的检查人员不到 2 名。"]
    assert find_faults({**frame, "inspectors": [{"id": "p0"}]})[1] == "每家要 2 名检查人员，名单里只有 1 名。"
    empty = frame_of(units, [{"name": "化工", "quota": 0, "reserves": 0}])
    assert find_faults(empty) == ["每一层都抽 0 家，请填要抽几家。"]
