"""A unit's score from its values. Pure, in decimals.

One rounding: an item's score is rounded once, half up, to hundredths. What comes before is reckoned with 50 digits,
what comes after are exact sums, so that the printed items add up to the printed total. The points of what does not
apply are handed out in whole hundredths, largest remainders first, so that they add up as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext

from server.oversight.assessment.schemas import (
    BESIDE,
    Band,
    BonusItem,
    DeductionItem,
    Definition,
    ExpertItem,
    GradedItem,
    Item,
    ItemKind,
    LatenessItem,
    NotApplicable,
    Part,
    PerUnitItem,
    RankItem,
    RatioItem,
)

HUNDREDTH, ZERO, ONE = Decimal("0.01"), Decimal(0), Decimal(1)
PRECISION = 50
FAILED = "不合格"
ROUNDING = "每一项的得分四舍五入到 0.01，只在这里取舍一次；合计是各项得分直接相加。"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of an item: its value, or those of several people. None: nothing came. It may not apply at all."""

    values: tuple[Decimal, ...] = ()
    is_applicable: bool = True


@dataclass(frozen=True, slots=True)
class ItemScore:
    """`full`: what it could come to here, with what was spread onto it. `place`: among peers, of what goes by it."""

    key: str
    full: Decimal
    score: Decimal
    is_applicable: bool
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A unit's score. A veto leaves it as it is and makes the band 不合格."""

    items: tuple[ItemScore, ...]
    base: Decimal
    bonus: Decimal
    deduction: Decimal
    total: Decimal
    full: Decimal
    vetoes: tuple[str, ...]
    band: str

    def of(self, key: str) -> ItemScore:
        """The score of one item."""
        return next(each for each in self.items if each.key == key)


def score_unit(
    scheme: Definition, entries: Mapping[str, Entry], places: Mapping[str, int] | None = None
) -> Result:  # fmt: skip
    """The score of one unit. `places`: of the items that go by rank, its place among peers."""
    with localcontext(Context(prec=PRECISION)):
        scores: list[ItemScore] = []
        vetoes: list[str] = []
        for part in scheme.parts:
            full = weigh(part, entries, scheme.not_applicable)
            for item in part.items:
                entry, place = entries.get(item.key, Entry()), (places or {}).get(item.key)
                if item.kind is ItemKind.VETO and entry.is_applicable and any(value > 0 for value in entry.values):
                    vetoes.append(item.key)
                points = full.get(item.key, ZERO)
                score = _score(item, points, entry, place)
                scores.append(ItemScore(item.key, points, score, entry.is_applicable, place))
        return _result(scheme, scores, vetoes)


def weigh(part: Part, entries: Mapping[str, Entry], rule: NotApplicable) -> dict[str, Decimal]:
    """The points of each item of a part for this unit: what does not apply has none, and goes where the rule says."""
    weighed = [item for item in part.items if item.kind not in BESIDE]
    left = [item for item in weighed if entries.get(item.key, Entry()).is_applicable]
    points = {item.key: ZERO for item in weighed} | {item.key: item.points for item in left}
    if rule is NotApplicable.REMOVE or len(left) == len(weighed) or not left:
        return points
    return points | spread(part.points, {item.key: item.points for item in left})


def spread(total: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The total in whole hundredths by weight; the largest remainders get what is left, the first ones of equals."""
    with localcontext(Context(prec=PRECISION)):
        together = sum(weights.values(), ZERO)
        exact = {key: total * weight / together for key, weight in weights.items()}
        parts = {key: value.quantize(HUNDREDTH, ROUND_DOWN) for key, value in exact.items()}
        missing = int((total - sum(parts.values(), ZERO)) / HUNDREDTH)
        order = sorted(weights, key=lambda key: parts[key] - exact[key])
        return parts | {key: parts[key] + HUNDREDTH for key in order[:missing]}


def round_once(value: Decimal) -> Decimal:
    """The one rounding."""
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def _score(item: Item, points: Decimal, entry: Entry, place: int | None) -> Decimal:
    if not entry.is_applicable or not entry.values or item.kind is ItemKind.VETO:
        return ZERO
    each = [_earned(item, points, value, place) for value in entry.values]
    return round_once(sum(each, ZERO) / len(each))


def _earned(item: Item, points: Decimal, value: Decimal, place: int | None) -> Decimal:
    """What one value earns of the points, before it is rounded."""
    match item:
        case BonusItem() | DeductionItem():
            return _clamp(item.each * value, item.points)
        case GradedItem():
            return points * _clamp(value, Decimal(100)) / 100
        case RatioItem():
            return _clamp(points * (value - item.floor) / (item.target - item.floor), points)
        case PerUnitItem():
            return points * _clamp(item.each * value, item.points) / item.points
        case LatenessItem():
            return points * _clamp(item.points - item.each * max(value, ZERO), item.points) / item.points
        case ExpertItem():
            return points * _clamp(value, item.points) / item.points
        case RankItem():
            percent = next((at.percent for at in item.places if place is not None and place <= at.up_to), ZERO)
            return points * percent / 100
    return points if value > 0 else ZERO


def _clamp(value: Decimal, most: Decimal) -> Decimal:
    return min(max(value, ZERO), most)


def _result(scheme: Definition, scores: Sequence[ItemScore], vetoes: Sequence[str]) -> Result:
    by_key = {each.key: each for each in scores}

    def add(items: Iterable[Item]) -> Decimal:
        return sum((by_key[item.key].score for item in items), ZERO)

    base = add(item for item in scheme.items() if item.kind not in BESIDE)
    bonus = min(add(item for item in scheme.items() if item.kind is ItemKind.BONUS), scheme.bonus_most)
    deduction = add(item for item in scheme.items() if item.kind is ItemKind.DEDUCTION)
    full = sum((each.full for each in scores), ZERO)
    total = max(base + bonus - deduction, ZERO)
    band = FAILED if vetoes else _band(scheme, by_key, total, full)
    return Result(tuple(scores), base, bonus, deduction, total, full, tuple(vetoes), band)


def _band(scheme: Definition, scores: Mapping[str, ItemScore], total: Decimal, full: Decimal) -> str:
    for band in scheme.bands:
        if total * 100 >= band.least * full and all(_reaches(part, scores, band) for part in scheme.parts):
            return band.label
    return FAILED if scheme.bands else ""


def _reaches(part: Part, scores: Mapping[str, ItemScore], band: Band) -> bool:
    weighed = [scores[item.key] for item in part.items if item.kind not in BESIDE]
    got, full = sum((each.score for each in weighed), ZERO), sum((each.full for each in weighed), ZERO)
    return got * 100 >= band.each_least * full
