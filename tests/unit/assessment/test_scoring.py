"""Scores and ranks: what must hold whatever a scheme asks and whatever units have."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from server.oversight.assessment.engine.ranking import FEWEST, Contestant, rank_units
from server.oversight.assessment.engine.scoring import Entry, score_unit, weigh
from server.oversight.assessment.engine.signals import Others, is_bulk, same_files, same_texts, twice_used
from server.oversight.assessment.schemas import BESIDE, ITEM, Definition, ItemKind, NotApplicable
from tests.support.examples import examples

D = Decimal
GRADES = [{"label": "好", "percent": "100"}, {"label": "较好", "percent": "60"}, {"label": "差", "percent": "0"}]
PLACES = [{"up_to": 1, "percent": "100"}, {"up_to": 3, "percent": "50"}]
OWN: Mapping[ItemKind, dict[str, Any]] = {
    ItemKind.GRADED: {"grades": GRADES}, ItemKind.RATIO: {"floor": "60", "target": "95"},
    ItemKind.PER_UNIT: {"each": "0.3"}, ItemKind.LATENESS: {"each": "0.7"}, ItemKind.RANK: {"places": PLACES},
    ItemKind.BONUS: {"each": "0.5"}, ItemKind.DEDUCTION: {"each": "0.5"},
}  # fmt: skip
NAMED = {"label": "项目"}
points = st.integers(1, 4000).map(lambda number: D(number) / 100)
amounts = st.integers(0, 30000).map(lambda number: D(number) / 100)


@st.composite
def schemes(draw: st.DrawFn) -> Definition:
    number, parts = 0, []
    for part in range(draw(st.integers(1, 3))):
        kinds = draw(st.lists(st.sampled_from(list(ItemKind)), min_size=1, max_size=6))
        items = []
        for kind in kinds:
            number += 1
            items.append({"key": f"i{number}", "kind": kind, "points": draw(points), **OWN.get(kind, {}), **NAMED})
        parts.append({"key": f"p{part}", "title": "部分", "items": items})
    rule, most = draw(st.sampled_from(list(NotApplicable))), draw(st.integers(0, 20))
    return Definition.model_validate({"parts": parts, "not_applicable": rule, "bonus_most": most})


@st.composite
def entries(draw: st.DrawFn, scheme: Definition) -> dict[str, Entry]:
    found = {}
    for item in scheme.items():
        applies = draw(st.booleans()) or draw(st.booleans())
        values = draw(st.lists(amounts, max_size=3)) if applies else []
        found[item.key] = Entry(tuple(values), is_applicable=applies)
    return found


@settings(max_examples=examples(20, full=600), deadline=None)
@given(st.data())
def test_nothing_scores_above_its_cap_and_the_parts_add_up(data: st.DataObject) -> None:
    scheme = data.draw(schemes())
    values = data.draw(entries(scheme))
    result = score_unit(scheme, values, {item.key: data.draw(st.integers(1, 9)) for item in scheme.items()})
    by_key = {item.key: item for item in scheme.items()}
    for score in result.items:
        item = by_key[score.key]
        assert 0 <= score.score <= (item.points if item.kind in BESIDE else score.full)
        assert score.score == round(score.score, 2)
    weighed = [each for each in result.items if by_key[each.key].kind not in BESIDE]
    assert result.base == sum((each.score for each in weighed), D(0)) <= result.full <= scheme.points
    assert result.bonus <= scheme.bonus_most
    assert result.total == max(result.base + result.bonus - result.deduction, D(0)) <= scheme.points + scheme.bonus_most
    whole = {item.key: Entry((D(1),)) for item in scheme.items()}
    assert score_unit(scheme, whole).full == scheme.points


@settings(max_examples=examples(20, full=400), deadline=None)
@given(st.data())
def test_the_points_of_what_does_not_apply_go_where_the_scheme_says(data: st.DataObject) -> None:
    scheme = data.draw(schemes())
    values = data.draw(entries(scheme))
    for part in scheme.parts:
        weighed = [item for item in part.items if item.kind not in BESIDE]
        left = [item for item in weighed if values[item.key].is_applicable]
        points_of = weigh(part, values, scheme.not_applicable)
        assert all(points_of[item.key] == 0 for item in weighed if item not in left)
        spread = scheme.not_applicable is NotApplicable.SPREAD and left
        together = part.points if spread else sum((item.points for item in left), D(0))
        assert sum(points_of.values(), D(0)) == together
        assert all(points_of[item.key] >= item.points for item in left)


@settings(max_examples=examples(20, full=600), deadline=None)
@given(st.data())
def test_more_never_scores_less(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(ItemKind)))
    item = ITEM.validate_python(
        {"key": "i1", "kind": kind, "label": "项目", "points": data.draw(points), **OWN.get(kind, {})}
    )
    scheme = Definition.model_validate({"parts": [{"key": "p1", "title": "部分", "items": [item.model_dump()]}]})
    low, high = sorted((data.draw(amounts), data.draw(amounts)))
    rest = [Contestant(number, "", {"i1": Entry((data.draw(amounts),))}) for number in range(3)]
    scores = []
    for value in (low, high):
        standing = rank_units(scheme, [*rest, Contestant(9, "", {"i1": Entry((value,))})])[9]
        scores.append(standing.result.of("i1").score)
    if kind is ItemKind.LATENESS:
        scores.reverse()  # the later, the less
    assert scores[0] <= scores[1]


@settings(max_examples=examples(12, full=300), deadline=None)
@given(st.data())
def test_the_order_of_units_and_items_changes_nothing(data: st.DataObject) -> None:
    scheme = data.draw(schemes())
    units = [
        Contestant(number, data.draw(st.sampled_from(["a", "b"])), data.draw(entries(scheme)))
        for number in range(data.draw(st.integers(1, 7)))
    ]
    once, again = rank_units(scheme, units), rank_units(scheme, data.draw(st.permutations(units)))
    assert once == again
    shuffled = scheme.model_copy(
        update={"parts": tuple(data.draw(st.permutations(scheme.parts))), "not_applicable": scheme.not_applicable}
    )
    totals = {unit: (each.result.total, each.rank) for unit, each in rank_units(shuffled, units).items()}
    assert totals == {unit: (each.result.total, each.rank) for unit, each in once.items()}


@settings(max_examples=examples(12, full=300), deadline=None)
@given(st.data())
def test_a_veto_leaves_the_score_and_takes_the_rank(data: st.DataObject) -> None:
    scheme = data.draw(schemes())
    veto = {"key": "v", "title": "否决", "items": [{"key": "veto", "kind": "veto", "label": "死亡事故"}]}
    kept = scheme.model_dump(mode="json")
    scheme = Definition.model_validate(
        {**kept, "parts": [*kept["parts"], veto], "bands": [{"label": "合格", "least": "0"}]}
    )
    values = data.draw(entries(scheme)) | {"veto": Entry((D(0),))}
    for item in scheme.items():
        if item.kind is ItemKind.VETO:
            values[item.key] = Entry((D(0),))
    found = rank_units(
        scheme, [Contestant("a", "", values), Contestant("b", "", values | {"veto": Entry((D(1),))})]
    )  # fmt: skip
    clean, vetoed = found["a"], found["b"]
    if not any(item.kind is ItemKind.RANK for item in scheme.items()):
        assert vetoed.result.total == clean.result.total
    assert (vetoed.rank, vetoed.result.band, vetoed.result.vetoes) == (None, "不合格", ("veto",))
    assert clean.rank == 1


def one(kind: str, **own: Any) -> Definition:
    item = {"key": "i1", "kind": kind, "label": "项目", "points": "7", **own}
    return Definition.model_validate({"parts": [{"key": "p1", "title": "部分", "items": [item]}], "bonus_most": "4"})


@pytest.mark.parametrize(
    ("scheme", "values", "score"),
    [
        (one("yes_no"), (1,), "7.00"),
        (one("yes_no"), (0,), "0.00"),
        (one("graded", grades=GRADES), (60,), "4.20"),
        (one("ratio", floor="60", target="95"), ("77.5",), "3.50"),
        (one("ratio", floor="60", target="95"), (60,), "0.00"),
        (one("ratio", floor="60", target="95"), (100,), "7.00"),
        (one("ratio", floor="30", target="10"), (15,), "5.25"),  # days: the fewer, the better
        (one("ratio", floor="0", target="3"), (1,), "2.33"),
        (one("per_unit", each="2"), (3,), "6.00"),
        (one("per_unit", each="2"), (4,), "7.00"),
        (one("lateness", each="1"), (3,), "4.00"),
        (one("lateness", each="1"), (9,), "0.00"),
        (one("lateness", each="1"), (), "0.00"),  # nothing came
        (one("expert"), (5, 6, 6), "5.67"),
        (one("bonus", each="0.5"), (3,), "1.50"),
        (one("deduction", each="0.5"), (3,), "1.50"),
        (one("ratio", floor="0", target="100"), ("0.0714",), "0.00"),
        (one("ratio", floor="0", target="200"), ("0.142857142857142857142857142857",), "0.00"),
        (one("ratio", floor="0", target="1400"), (1,), "0.01"),  # 0.005 goes up
    ],
)
def test_each_kind_scores_as_it_says(scheme: Definition, values: tuple[Any, ...], score: str) -> None:
    entry = Entry(tuple(D(str(each)) for each in values))
    assert score_unit(scheme, {"i1": entry}).of("i1").score == D(score)


def test_full_marks_stay_full_when_points_were_spread() -> None:
    items = [{"key": f"i{number}", "kind": "yes_no", "label": "项目", "points": "2.5"} for number in range(4)]
    scheme = Definition.model_validate({"parts": [{"key": "p", "title": "部分", "items": items}]})
    values = {f"i{number}": Entry((D(1),)) for number in range(3)} | {"i3": Entry(is_applicable=False)}
    result = score_unit(scheme, values)
    assert (result.total, result.full) == (D("10.00"), D("10.00"))
    assert [each.full for each in result.items] == [D("3.34"), D("3.33"), D("3.33"), D(0)]
    removed = score_unit(scheme.model_copy(update={"not_applicable": NotApplicable.REMOVE}), values)
    assert (removed.total, removed.full) == (D("7.50"), D("7.50"))


def test_ranks_are_shared_within_peers_and_few_get_no_percentile() -> None:
    scheme = one("per_unit", each="1")
    values = {"a": 7, "b": 5, "c": 5, "d": 1, "e": 0}
    units = [Contestant(unit, "towns", {"i1": Entry((D(value),))}) for unit, value in values.items()]
    found = rank_units(scheme, [*units, Contestant("z", "others", {"i1": Entry((D(0),))})])
    assert {unit: each.rank for unit, each in found.items()} == {"a": 1, "b": 2, "c": 2, "d": 4, "e": 5, "z": 1}
    assert [found[unit].percentile for unit in ("a", "b", "e", "z")] == [100, 80, 20, None]
    assert len(values) == FEWEST


def test_a_band_may_ask_for_every_part() -> None:
    parts = [
        {"key": key, "title": "部分", "items": [{"key": f"i{key[1]}", "kind": "expert", "points": "50", **NAMED}]}
        for key in ("p1", "p2")
    ]  # fmt: skip
    bands = [{"label": "优秀", "least": "80", "each_least": "80"}, {"label": "合格", "least": "60"}]
    scheme = Definition.model_validate({"parts": parts, "bands": bands})

    def band(first: int, second: int) -> str:
        return score_unit(scheme, {"i1": Entry((D(first),)), "i2": Entry((D(second),))}).band

    assert [band(45, 45), band(50, 35), band(30, 30), band(10, 10)] == ["优秀", "合格", "合格", "不合格"]


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "ratio", "floor": "60", "target": "60"},
        {"kind": "yes_no", "source": "computed", "indicator": "tasks_in_time"},
        {"kind": "ratio", "source": "computed"},
        {"kind": "ratio", "indicator": "tasks_in_time"},
        {"kind": "rank", "places": [{"up_to": 3, "percent": "50"}, {"up_to": 5, "percent": "80"}]},
        {"kind": "expert", "points": "0"},
        {"kind": "expert", "points": "NaN"},
        {"kind": "per_unit", "each": "-1"},
    ],
)
def test_a_scheme_that_does_not_hang_together_is_refused(item: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Definition.model_validate(
            {
                "parts": [
                    {"key": "p1", "title": "部分", "items": [{"key": "i1", "label": "项目", "points": "5", **item}]}
                ]
            }
        )


def test_signals_say_who_shares_what() -> None:
    assert same_files({"a": ["1", "2"], "b": ["2"], "c": ["3"]}) == {
        "a": (1, Others(("b",), 1)), "b": (1, Others(("a",), 1)),
    }  # fmt: skip
    many = {f"u{number}": ["1", f"own{number}"] for number in range(3000)}  # quick, and not a list of all for each
    assert same_files(many)["u7"] == (1, Others(("u0", "u1", "u2"), 2999))
    assert twice_used(["1", "1", "2"]) == 1
    long, other = "各车间都开展了隐患排查，发现问题当场整改到位", "我们按计划组织了三次应急演练，职工都参加了"
    texts = {"a": {"i1": long, "i2": "好"}, "b": {"i1": f" {long}\n", "i2": "好"}, "c": {"i1": other}}
    assert same_texts(texts) == {"a": [("i1", Others(("b",), 1))], "b": [("i1", Others(("a",), 1))]}
    assert (is_bulk(5, 10), is_bulk(4, 10), is_bulk(9, 9)) == (True, False, False)
