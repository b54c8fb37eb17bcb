"""A rota keeps to every rule, or says that there is none; what is changed by hand is judged by the same rules."""

import argparse
import contextlib
import copy
from collections import Counter
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import product
from types import ModuleType
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kit.draws.algorithm import hash_terms
from server.oversight.supervision.rota.publication import FORMAT, freeze_setting
from server.oversight.supervision.rota.rules import (
    Group,
    Impossible,
    Rota,
    Rule,
    Setting,
    Target,
    explain,
    find_violations,
    plan_rota,
)
from tests.support.examples import examples
from tests.support.sources import ROOT


def districts(count: int, chemical: tuple[int, ...] = ()) -> list[Target]:
    return [Target(f"u{at}", f"{at}区", needs_chemist=at in chemical) for at in range(count)]


def groups(homes: list[int], chemists: tuple[int, ...] = (), **more: frozenset[str]) -> list[Group]:
    return [
        Group(f"g{at}", f"第{at}组", f"u{home}", more.get(f"g{at}", frozenset()), at in chemists)
        for at, home in enumerate(homes)
    ]


@st.composite
def settings(draw: st.DrawFn, most: int = 10) -> Setting:
    size, count = draw(st.integers(2, most)), draw(st.integers(2, most))
    homes = [draw(st.integers(0, size - 1)) for _ in range(count)]
    chemists = tuple(draw(st.sets(st.integers(0, count - 1))))
    guests = {f"g{at}": frozenset({f"u{draw(st.integers(0, size - 1))}"}) for at in draw(st.sets(st.integers(0, 9)))}
    last = draw(st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=size))
    return Setting(
        groups(homes, chemists, **guests), districts(size, tuple(draw(st.sets(st.integers(0, size - 1), max_size=2)))),
        {(f"u{home}", f"u{target}") for home, target in last},
    )  # fmt: skip


def keeps_all(setting: Setting, rota: Rota) -> bool:
    """The rules in words of their own."""
    by_key = {group.key: group for group in setting.groups}
    visits = [(by_key[group_key], key) for key, group_key in rota.items()]
    pairs = {(group.home, key) for group, key in visits}
    chemical = {target.key for target in setting.targets if target.needs_chemist}
    loads = Counter(group.key for group, _ in visits)
    each = [loads[key] for key in by_key]
    return (
        len(rota) == len(setting.targets)
        and all(key != group.home and key not in group.homes for group, key in visits)
        and not any((key, home) in pairs for home, key in pairs)
        and not pairs & set(setting.last)
        and all(group.has_chemist for group, key in visits if key in chemical)
        and max(each) - min(each) <= 1
    )


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """scripts/verify_draw as a module."""
    loader = SourceFileLoader("verify_rota", str(ROOT / "scripts" / "verify_draw"))
    spec = spec_from_loader("verify_rota", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@hypothesis.settings(max_examples=examples(30, full=400))
@given(settings())
def test_a_rota_keeps_to_every_rule_and_is_the_same_in_the_script_or_is_said_to_be_impossible(
    script: ModuleType, setting: Setting
) -> None:
    try:
        rota = plan_rota(setting)
    except Impossible:
        return  # that it is, and why, is shown below
    search = script.Arranging(freeze_setting(setting))
    assert search.run()
    assert search.rota == rota
    assert keeps_all(setting, rota)
    assert find_violations(setting, rota) == []
    assert plan_rota(setting) == rota


def file_of(setting: Setting) -> dict[str, Any]:
    """As it is published, one union given to another group by hand."""
    rota = plan_rota(setting)
    entries = [
        {"target": key, "group": group, "starts_on": "2026-12-01", "ends_on": None, "reason": None}
        for key, group in rota.items()
    ]
    entries[0] |= {"group": next(key for key in rota.values() if key != entries[0]["group"]), "reason": "路近"}
    file = {"format": FORMAT, "setting": freeze_setting(setting), "arranged": rota, "entries": entries}
    return {**file, "content_hash": hash_terms(file)}


def leaves(value: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """The places in a file where a plain value stands."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        yield path
        return
    for key, part in parts:
        yield from leaves(part, *path, key)


def test_whatever_is_changed_in_the_published_file_is_found(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    file = file_of(Setting(groups([0, 1, 2, 3], (1, 2)), districts(4, (3,)), {("u0", "u1")}))
    wanted = argparse.Namespace(content_hash=file["content_hash"].upper())

    def count_wrong(changed: dict[str, Any], noted: argparse.Namespace = wanted) -> int:
        check = script.Check()
        assert script.verify_rota(changed, noted, check)
        return int(check.wrong)

    assert count_wrong(file) == 0
    assert "手工改的" in capsys.readouterr().out
    places = list(leaves(file))
    assert len(places) > 50
    for *above, last in places:
        changed = copy.deepcopy(file)
        at: Any = changed
        for key in above:
            at = at[key]
        at[last] = f"{at[last]}x" if isinstance(at[last], str) else "x" if at[last] is None else not at[last]
        with contextlib.suppress(KeyError, IndexError):  # the script says that it cannot be read
            assert count_wrong(changed) > 0, (above, last)
    # Whoever changes it with care gives it another hash: known to whoever noted the first, and to nobody else …
    careful = {**file, "entries": [{**file["entries"][0], "reason": "远"}, *file["entries"][1:]]}
    careful["content_hash"] = hash_terms({key: value for key, value in careful.items() if key != "content_hash"})
    assert count_wrong(careful) == 1
    # … but what does not follow from the rules, or was changed without a reason, shows all the same.
    nobody = argparse.Namespace(content_hash=None)
    assert count_wrong(careful, nobody) == 0
    silent = {"entries": [{**careful["entries"][0], "reason": ""}]}
    for part in ({"arranged": dict.fromkeys(file["arranged"], "g0")}, silent):
        bad = {**careful, **part}
        bad["content_hash"] = hash_terms({key: value for key, value in bad.items() if key != "content_hash"})
        assert count_wrong(bad, nobody) > 0


@given(settings(most=4))
def test_what_is_said_to_be_impossible_is(setting: Setting) -> None:
    keys = [group.key for group in setting.groups]
    every = [
        dict(zip((target.key for target in setting.targets), chosen, strict=True))
        for chosen in product(keys, repeat=len(setting.targets))
    ]
    is_possible = any(keeps_all(setting, rota) for rota in every)
    try:
        plan_rota(setting)
    except Impossible:
        assert not is_possible
    else:
        assert is_possible
    for rota in every[:: len(every) // 5 or 1]:  # what is found wrong by hand is what is wrong
        assert (find_violations(setting, rota) == []) == keeps_all(setting, rota)


@pytest.mark.parametrize("count", [3, 8, 10, 11, 30])
def test_as_many_groups_as_districts_go_round_without_a_pair_of_last_time(count: int) -> None:
    last: set[tuple[str, str]] = set()
    for _ in range(2):
        setting = Setting(groups(list(range(count))), districts(count), frozenset(last))
        rota = plan_rota(setting)
        assert keeps_all(setting, rota)
        last = {(f"u{group_key[1:]}", key) for key, group_key in rota.items()}


def test_why_it_is_impossible_is_told() -> None:
    two = Setting(groups([0, 1]), districts(2))
    with pytest.raises(Impossible, match="如果不要求“不互查”就可以"):
        plan_rota(two)
    nobody = Setting(groups([0, 1, 2]), districts(3, chemical=(1,)))
    with pytest.raises(Impossible, match=r"没有组可以去1区.*化工专业人员"):
        plan_rota(nobody)
    with pytest.raises(Impossible, match="至少要有一个组"):
        plan_rota(Setting((), districts(2)))
    idle = Setting(groups([7, 8, 9]), districts(4), {("u9", f"u{at}") for at in range(4)})  # the others would have two
    with pytest.raises(Impossible, match="如果不要求“不是上次那一对”就可以"):
        plan_rota(idle)
    hard = Setting(groups(list(range(30)), chemists=(0,)), districts(30, chemical=tuple(range(1, 30))))
    with pytest.raises(Impossible):
        plan_rota(hard)


def test_a_change_by_hand_is_judged_and_names_who() -> None:
    setting = Setting(groups([0, 1, 2]), districts(3, chemical=(0,)), {("u1", "u2")})
    found = find_violations(setting, {"u0": "g1", "u1": "g1", "u2": "g1"})
    words = {(each.rule, each.text) for each in found}
    assert (Rule.HOME, "第1组查1区：组里有1区的人，不能查本地。") in words
    assert (Rule.LAST_TIME, "第1组查2区：上次就是这一对。") in words
    assert (Rule.CHEMICAL, "第1组查0区：0区有化工企业，组里没有化工专业人员。") in words
    assert (Rule.LOAD, "第1组查 3 个，第0组只查 0 个，相差超过一个。") in words
    mutual = find_violations(setting, {"u0": "g1", "u1": "g0"})
    assert "0区和1区互相查，应当错开。" in [each.text for each in mutual]
    assert "2区还没有组去。" in [each.text for each in mutual]


@pytest.mark.parametrize(("first", "is_even"), [(2, True), (3, False)])
def test_loads_may_differ_by_one_and_by_no_more(first: int, is_even: bool) -> None:
    setting = Setting(groups([8, 9]), districts(first + 1))
    rota = {f"u{at}": "g0" if at < first else "g1" for at in range(first + 1)}
    assert (Rule.LOAD not in {each.rule for each in find_violations(setting, rota)}) is is_even


def test_a_pair_is_explained() -> None:
    setting = Setting(groups([0, 1, 2], chemists=(1,)), districts(3, chemical=(0,)), {("u1", "u2")})
    assert explain(setting, setting.groups[1], setting.targets[0]) == [
        "不是本地", "不互查", "上次查的是2区", "有化工专业人员",
    ]  # fmt: skip
