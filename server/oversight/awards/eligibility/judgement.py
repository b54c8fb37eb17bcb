"""Who gets an award for which hazard, and why: a pure function over a snapshot of facts, so that anyone can repeat it.

Order of places: the more serious grade, then the earlier arrival, then the id. A place is one hazard; its reporters
share it where the scheme says so. Places beyond the quota are the reserve, in order.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LISTED, RESERVE, EXCLUDED = "listed", "reserve", "excluded"
STRUCK = "人工排除："  # begins the reason of whom a reviewer took out; computing again does not bring them back
UNCONFIRMED = "共同上报还没有经审核员确认，不分奖"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say about one person and one hazard. `place` is 0 for the excluded."""

    submission_id: str
    person_id: str
    status: str
    place: int
    grade: int
    amount_cents: int
    reason: str


def fingerprint(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts in their one canonical form."""
    plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def judge(facts: Mapping[str, Any]) -> list[Verdict]:
    """The verdicts over `facts`, in order: {"rules": {grades, quota, amount_cents, joint_share, exclude_duty},
    "awarded": [person ids that have had their award in this scheme], "hazards": [{submission_id, grade, arrived_at,
    reporter_id, joint_ids, on_duty: [person ids], namesakes: [person ids], reuse: [words], claimed_by: words or None}],
    "same_people": {person id: [other ids of the same human being]}}. The last may be missing, and of a hazard
    `namesakes`, `unconfirmed_ids`, `earlier_ids` and `struck` ({person id: reason}): facts of earlier batches are
    judged as they were."""
    rules, places = facts["rules"], 0
    taken = dict.fromkeys(facts["awarded"], "在本方案的其他批次已经入选，一人只奖一次")
    same: Mapping[str, Sequence[str]] = facts.get("same_people", {})
    verdicts: list[Verdict] = []
    for hazard in sorted(facts["hazards"], key=lambda each: (each["grade"], each["arrived_at"], each["submission_id"])):
        people = [hazard["reporter_id"], *hazard["joint_ids"]] if rules["joint_share"] else [hazard["reporter_id"]]
        whole = _why_not(hazard, rules)
        twice = _seen_before(people, same)
        refused = {
            person: whole or twice.get(person) or _why_not_this_person(person, hazard, rules, taken)
            for person in people
        }
        winners = [person for person in people if refused[person] is None]
        if winners:
            places += 1
        shares = dict(zip(winners, split(rules["amount_cents"], len(winners)), strict=True))
        for person in people:
            refusal = refused[person]
            if refusal is not None:
                verdicts.append(_verdict(hazard, person, EXCLUDED, 0, 0, refusal))
                continue
            status = LISTED if places <= rules["quota"] else RESERVE
            why = _why(hazard, person, winners, places, rules["quota"])
            verdicts.append(_verdict(hazard, person, status, places, shares[person], why))
            taken |= dict.fromkeys((person, *same.get(person, ())), "已凭更严重或更早的隐患入选，一人只奖一次")
        verdicts += [
            _verdict(hazard, person, EXCLUDED, 0, 0, whole or UNCONFIRMED) for person in _waiting(hazard, rules)
        ]
    return verdicts


def _waiting(hazard: Mapping[str, Any], rules: Mapping[str, Any]) -> Sequence[str]:
    """Those who would have a part once a reviewer has confirmed that they were there."""
    waiting: Sequence[str] = hazard.get("unconfirmed_ids" if rules["joint_share"] else "earlier_ids", ())
    return waiting


def split(amount: int, people: int) -> list[int]:
    """`amount` cents among `people`: equal but for the odd cents, which go to the first."""
    if not people:
        return []
    share, odd = divmod(amount, people)
    return [share + odd, *([share] * (people - 1))]


def _why_not(hazard: Mapping[str, Any], rules: Mapping[str, Any]) -> str | None:
    if hazard["grade"] not in rules["grades"]:
        return "隐患等级不在本方案的范围内"
    if hazard["claimed_by"]:
        return f"这条隐患已在“{hazard['claimed_by']}”中入选，一条隐患只奖一次"
    return None


def _seen_before(people: Sequence[str], same: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Those who reported the same hazard in another row of theirs."""
    return {
        person: "和这条隐患的另一位报告人是同一个人，一人只算一份"
        for number, person in enumerate(people)
        if set(people[:number]) & set(same.get(person, ()))
    }


def _why_not_this_person(
    person: str, hazard: Mapping[str, Any], rules: Mapping[str, Any], taken: Mapping[str, str]
) -> str | None:
    if person in hazard.get("struck", {}):
        return str(hazard["struck"][person])
    if rules["exclude_duty"] and person in hazard["on_duty"]:
        return "整改这条隐患是本人的职责，按方案不奖"
    return taken.get(person)


def _why(hazard: Mapping[str, Any], person: str, winners: Sequence[str], place: int, quota: int) -> str:
    words = ["最先上报" if person == hazard["reporter_id"] else "共同上报", "已定级、已销号"]
    if len(winners) > 1:
        words.append(f"{len(winners)} 人平分一个名额")
    if place > quota:
        words.append(f"名额已满，候补第 {place - quota} 位")
    if hazard.get("earlier_ids") and person == hazard["reporter_id"]:
        words.append("请核实：有一条合并进来的到得更早，还没有确认")
    if person in hazard.get("namesakes", ()):
        words.append("请核实：和企业的安全负责人同名")
    words += [f"请核实：{each}" for each in hazard["reuse"]]
    return "；".join(words)


def _verdict(hazard: Mapping[str, Any], person: str, status: str, place: int, amount: int, reason: str) -> Verdict:
    return Verdict(hazard["submission_id"], person, status, place, hazard["grade"], amount, reason)
