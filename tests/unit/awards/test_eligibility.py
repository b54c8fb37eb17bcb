"""The rules of eligibility alone, over any facts."""

import json
from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.oversight.awards.eligibility.judgement import EXCLUDED, LISTED, RESERVE, Verdict, fingerprint, judge, split

PEOPLE = [f"person-{number}" for number in range(6)]


@st.composite
def a_hazard(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A closed hazard with any reporters."""
    reporter, *others = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=6, unique=True))
    joint, waiting = others[:3], others[3:]
    return {
        "submission_id": f"hazard-{number}",
        "grade": draw(st.integers(1, 4)),
        "arrived_at": f"2026-11-0{draw(st.integers(1, 9))}",
        "reporter_id": reporter,
        "joint_ids": joint,
        "unconfirmed_ids": waiting,
        "earlier_ids": waiting[: draw(st.integers(0, 1))],
        "on_duty": draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)),
        "reuse": draw(st.lists(st.just("照片用过"), max_size=1)),
        "claimed_by": draw(st.sampled_from([None, None, "别的批次"])),
    }


@st.composite
def some_facts(draw: st.DrawFn) -> dict[str, Any]:
    """A snapshot of any kind."""
    return {
        "rules": {
            "grades": draw(st.lists(st.integers(1, 4), min_size=1, unique=True)),
            "quota": draw(st.integers(1, 4)),
            "amount_cents": draw(st.integers(10, 100_000)),
            "joint_share": draw(st.booleans()),
            "exclude_duty": draw(st.booleans()),
        },
        "awarded": draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True)),
        "hazards": [draw(a_hazard(number)) for number in range(draw(st.integers(0, 8)))],
    }


def by_hazard(verdicts: list[Verdict], *statuses: str) -> dict[str, list[Verdict]]:
    """The verdicts of these statuses, by hazard."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if verdict.status in statuses:
            found[verdict.submission_id].append(verdict)
    return found


@given(some_facts())
def test_no_more_places_than_the_quota_and_each_costs_what_the_scheme_says(facts: dict[str, Any]) -> None:
    places = by_hazard(judge(facts), LISTED)
    assert len(places) <= facts["rules"]["quota"]
    for shares in places.values():
        assert sum(each.amount_cents for each in shares) == facts["rules"]["amount_cents"]


@given(some_facts())
def test_nobody_has_two_places_and_nobody_has_one_who_may_not(facts: dict[str, Any]) -> None:
    hazards = {each["submission_id"]: each for each in facts["hazards"]}
    chosen = [each for each in judge(facts) if each.status != EXCLUDED]
    people = [each.person_id for each in chosen]
    assert len(people) == len(set(people))
    assert not set(people) & set(facts["awarded"])
    for each in chosen:
        hazard = hazards[each.submission_id]
        assert hazard["grade"] in facts["rules"]["grades"]
        assert hazard["claimed_by"] is None
        assert not (facts["rules"]["exclude_duty"] and each.person_id in hazard["on_duty"])


@given(some_facts())
def test_everybody_who_could_be_meant_is_told_why_and_why_not(facts: dict[str, Any]) -> None:
    verdicts = judge(facts)
    told = [(each.submission_id, each.person_id) for each in verdicts]
    expected = {
        (hazard["submission_id"], person)
        for hazard in facts["hazards"]
        for person in [
            hazard["reporter_id"],
            *(
                hazard["joint_ids"] + hazard["unconfirmed_ids"]
                if facts["rules"]["joint_share"]
                else hazard["earlier_ids"]
            ),
        ]
    }
    assert len(told) == len(set(told))
    assert set(told) == expected
    assert all(each.reason for each in verdicts)


@given(some_facts(), st.randoms())
def test_the_order_in_which_facts_are_read_changes_nothing(facts: dict[str, Any], random: Any) -> None:
    mixed = json.loads(json.dumps(facts))
    random.shuffle(mixed["hazards"])
    assert judge(mixed) == judge(facts)


@given(some_facts())
def test_the_reserve_stands_behind_the_list_and_never_before_a_worse_grade(facts: dict[str, Any]) -> None:
    chosen = [each for each in judge(facts) if each.status != EXCLUDED]
    ordered = sorted(chosen, key=lambda each: each.place)
    assert [each.grade for each in ordered] == sorted(each.grade for each in chosen)
    assert all(each.place > facts["rules"]["quota"] for each in chosen if each.status == RESERVE)


@given(some_facts())
def test_the_fingerprint_survives_storing_and_tells_any_change(facts: dict[str, Any]) -> None:
    stored = json.loads(json.dumps(facts))
    assert fingerprint(stored) == fingerprint(facts)
    stored["rules"]["quota"] += 1
    assert fingerprint(stored) != fingerprint(facts)


@given(st.integers(0, 10**9), st.integers(1, 9))
def test_shares_differ_by_the_odd_cents_alone_and_lose_none(amount: int, people: int) -> None:
    shares = split(amount, people)
    assert sum(shares) == amount
    assert len(set(shares[1:])) <= 1
    assert 0 <= shares[0] - shares[-1] < people
