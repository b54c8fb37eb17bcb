"""A rota of groups that inspect each other's unions: found, judged, explained. Pure.

No group at home, no two that visit each other, not the pair of last time, a chemical specialist where one is needed,
and every group with as many as the others (within one).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

MOST_STEPS = 5_000
"""Where the search gives up: thirty groups take some tens of steps, what is impossible is mostly seen at once."""


class Rule(StrEnum):
    """What a rota keeps to."""

    HOME = "home"
    RECIPROCAL = "reciprocal"
    LAST_TIME = "last_time"
    CHEMICAL = "chemical"
    LOAD = "load"


RULE_TEXTS = {
    Rule.HOME: "不查本地",
    Rule.RECIPROCAL: "不互查",
    Rule.LAST_TIME: "不是上次那一对",
    Rule.CHEMICAL: "去有化工企业的地方要有化工专业人员",
    Rule.LOAD: "各组受检单位数最多差一个",
}
_GIVEN_UP_FOR_HINTS = (Rule.LAST_TIME, Rule.CHEMICAL, Rule.RECIPROCAL)


@dataclass(frozen=True, slots=True)
class Group:
    """A group: `home` is the union that leads it, `homes` are all from which people of it come."""

    key: str
    name: str
    home: str
    homes: frozenset[str] = frozenset()
    has_chemist: bool = False

    @property
    def at_home(self) -> frozenset[str]:
        return self.homes | {self.home}


@dataclass(frozen=True, slots=True)
class Target:
    """A union that is inspected."""

    key: str
    name: str
    needs_chemist: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a rota breaks, in words that name who."""

    rule: Rule
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that a rota is made of. `last`: (home, target) of last time; `ignored`: rules left aside."""

    groups: Sequence[Group]
    targets: Sequence[Target]
    last: Collection[tuple[str, str]] = ()
    ignored: frozenset[Rule] = frozenset()


class Impossible(Exception):
    """There is no such rota; the text says why, as far as it can be told."""


Rota = Mapping[str, str]
"""The key of a group by the key of the union that it inspects."""


def refusal(setting: Setting, group: Group, target: Target) -> Rule | None:
    """The first rule by which this group may not go there, whoever goes elsewhere."""
    if target.key in group.at_home:
        return Rule.HOME
    if Rule.LAST_TIME not in setting.ignored and (group.home, target.key) in setting.last:
        return Rule.LAST_TIME
    if Rule.CHEMICAL not in setting.ignored and target.needs_chemist and not group.has_chemist:
        return Rule.CHEMICAL
    return None


def find_violations(setting: Setting, rota: Rota) -> list[Violation]:
    """Every rule that a rota breaks, however it came about."""
    groups = {group.key: group for group in setting.groups}
    targets = {target.key: target for target in setting.targets}
    found = [Violation(Rule.LOAD, f"{target.name}还没有组去。") for target in setting.targets if target.key not in rota]
    found += [
        Violation(rule, _say(rule, groups[group_key], targets[key]))
        for key, group_key in rota.items()
        if (rule := refusal(setting, groups[group_key], targets[key])) is not None
    ]
    found += _reciprocal(groups, targets, rota)
    loads = Counter(dict.fromkeys(groups, 0))
    loads.update(rota.values())
    if loads and max(loads.values()) - min(loads.values()) > 1:
        most, least = (pick(loads, key=lambda key: loads[key]) for pick in (max, min))
        words = f"{groups[most].name}查 {loads[most]} 个，{groups[least].name}只查 {loads[least]} 个，相差超过一个。"
        found.append(Violation(Rule.LOAD, words))
    return found


def _say(rule: Rule, group: Group, target: Target) -> str:
    match rule:
        case Rule.HOME:
            return f"{group.name}查{target.name}：组里有{target.name}的人，不能查本地。"
        case Rule.LAST_TIME:
            return f"{group.name}查{target.name}：上次就是这一对。"
        case _:
            return f"{group.name}查{target.name}：{target.name}有化工企业，组里没有化工专业人员。"


def _reciprocal(groups: Mapping[str, Group], targets: Mapping[str, Target], rota: Rota) -> Iterator[Violation]:
    visits = {(groups[group_key].home, key) for key, group_key in rota.items()}
    for one, other in sorted(visits):
        if one < other and (other, one) in visits and one in targets and other in targets:
            yield Violation(Rule.RECIPROCAL, f"{targets[one].name}和{targets[other].name}互相查，应当错开。")


def explain(setting: Setting, group: Group, target: Target) -> list[str]:
    """Why a group may go there, in words."""
    reasons = ["不是本地", "不互查"]
    before = sorted(target_key for home, target_key in setting.last if home == group.home)
    names = {each.key: each.name for each in setting.targets}
    told = [names[key] for key in before if key in names]
    if told:
        reasons.append(f"上次查的是{'、'.join(told)}")
    if target.needs_chemist:
        reasons.append("有化工专业人员")
    return reasons


def plan_rota(setting: Setting) -> Rota:
    """A rota that keeps to every rule: the ring (each group goes to the next union) as far as it does, else what a
    search finds. The same setting always gives the same. Raises Impossible."""
    _require_candidates(setting)
    search = _Search(setting)
    if search.run():
        return dict(search.rota)
    if search.steps > MOST_STEPS:
        raise Impossible("试了很多种排法都不符合规则。请增加组、化工专业人员，或者减少受检单位后再排。")
    raise Impossible(_hint(setting))


def _require_candidates(setting: Setting) -> None:
    if not setting.groups or not setting.targets:
        raise Impossible("至少要有一个组和一个受检单位。")
    for target in setting.targets:
        refused = [refusal(setting, group, target) for group in setting.groups]
        if None not in refused:
            reasons = "、".join(RULE_TEXTS[rule] for rule in Rule if rule in refused)
            raise Impossible(f"没有组可以去{target.name}：按“{reasons}”，每个组都去不了。")


def _hint(setting: Setting) -> str:
    """What would make it possible, if leaving one rule aside does."""
    for rule in _GIVEN_UP_FOR_HINTS:
        if rule not in setting.ignored and _Search(replace(setting, ignored=setting.ignored | {rule})).run():
            return f"同时满足所有规则排不出来：如果不要求“{RULE_TEXTS[rule]}”就可以。请调整分组，或者手工排并写明理由。"
    return "同时满足所有规则排不出来：组太少，或者各组能去的地方太少。请调整分组，或者手工排并写明理由。"


@dataclass(slots=True)
class _Search:
    """Backtracking: the union with the fewest groups left is next; a group with the lightest load is tried first, and
    of these the one that follows in the ring."""

    setting: Setting
    rota: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    _loads: Counter[str] = field(default_factory=Counter)
    _visits: set[tuple[str, str]] = field(default_factory=set)
    _able: dict[str, list[Group]] = field(default_factory=dict)  # by the target: those that the rules let go there

    def __post_init__(self) -> None:
        at = {target.key: index for index, target in enumerate(self.setting.targets)}
        for target in self.setting.targets:
            able = [group for group in self.setting.groups if refusal(self.setting, group, target) is None]
            ring = {group.key: (at[target.key] - at.get(group.home, 0)) % len(at) for group in able}
            self._able[target.key] = sorted(able, key=lambda group: ring[group.key])

    def run(self) -> bool:
        left = [target for target in self.setting.targets if target.key not in self.rota]
        if not left:
            return True
        self.steps += 1
        if self.steps > MOST_STEPS:
            return False
        options = {target.key: self._options(target) for target in left}
        target = min(left, key=lambda each: len(options[each.key]))
        return any(self._try(group, target) for group in options[target.key])

    def _try(self, group: Group, target: Target) -> bool:
        self.rota[target.key] = group.key
        self._loads[group.key] += 1
        is_new = (visit := (group.home, target.key)) not in self._visits
        self._visits.add(visit)
        if self.run():
            return True
        del self.rota[target.key]
        self._loads[group.key] -= 1
        if is_new:
            self._visits.discard(visit)
        return False

    def _options(self, target: Target) -> list[Group]:
        full = self._full()
        free = [
            group
            for group in self._able[target.key]
            if group.key not in full and not self._is_reciprocal(group, target)
        ]
        return sorted(free, key=lambda group: self._loads[group.key])

    def _full(self) -> set[str]:
        """Loads stay within one of each other: so many groups as the division leaves over get one more."""
        each, over = divmod(len(self.setting.targets), len(self.setting.groups))
        has_more = sum(load > each for load in self._loads.values())
        most = each if has_more >= over else each + 1
        return {group.key for group in self.setting.groups if self._loads[group.key] >= most}

    def _is_reciprocal(self, group: Group, target: Target) -> bool:
        return Rule.RECIPROCAL not in self.setting.ignored and (target.key, group.home) in self._visits
