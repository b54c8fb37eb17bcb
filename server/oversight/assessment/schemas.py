"""A scheme as data: parts of items, and by which rule each of them is scored. Also what the pages post.

Amounts are decimals and are kept as text. Keys are unique within a scheme; marks are kept by them.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, StringConstraints, TypeAdapter, model_validator
from pydantic import Field as Limits

from server.core.periods import require_period
from server.core.web.schemas import Code, Day, In, Line, Prose
from server.unions.roles import Level
from server.unions.tree.models import Size

MOST_SECTIONS, MOST_ITEMS, MOST_PEERS = 20, 120, 12
Key = Annotated[Code, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Label = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Remark = Annotated[Prose, StringConstraints(max_length=500)]
Reason = Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
Points = Annotated[Decimal, Limits(gt=0, le=1000, decimal_places=2)]
Amount = Annotated[Decimal, Limits(ge=0, le=10**9, decimal_places=4)]
Percent = Annotated[Decimal, Limits(ge=0, le=100, decimal_places=2)]
Version = Annotated[int, Limits(ge=1)]


class ItemKind(StrEnum):
    YES_NO = "yes_no"
    GRADED = "graded"
    RATIO = "ratio"
    PER_UNIT = "per_unit"
    LATENESS = "lateness"
    RANK = "rank"
    EXPERT = "expert"
    BONUS = "bonus"
    DEDUCTION = "deduction"
    VETO = "veto"


BESIDE = frozenset({ItemKind.BONUS, ItemKind.DEDUCTION, ItemKind.VETO})
"""Kinds that are no part of the full marks."""


class Source(StrEnum):
    """Where the value of an item comes from."""

    COMPUTED = "computed"
    SELF_REPORTED = "self_reported"
    CHECKED = "checked"  # on site or in the papers, by whoever assesses


class Scorer(StrEnum):
    """Who may settle an item's value."""

    REVIEWER = "reviewer"  # anybody who assesses for the union
    TWO_REVIEWERS = "two_reviewers"  # two of them, each by themselves: their mean counts


class NotApplicable(StrEnum):
    """Where the marks of an item go that does not apply to a unit."""

    SPREAD = "spread"  # over the other items of its part, as they weigh; with none left they fall away
    REMOVE = "remove"  # the full marks are so much less, and units are ranked by their share of them


class Grade(In):
    """One of the grades of an item, and what part of its points it gives."""

    label: Annotated[Line, StringConstraints(min_length=1, max_length=40)]
    percent: Percent


class Place(In):
    """Up to this place among peers, so many percent of the points."""

    up_to: Annotated[int, Limits(ge=1, le=1000)]
    percent: Percent


class _Item(In):
    """What every item has. `points`: its weight; of a bonus or deduction the most that it may come to."""

    key: Key
    label: Label
    points: Points = Decimal(1)
    source: Source = Source.SELF_REPORTED
    indicator: Annotated[Code, StringConstraints(max_length=40)] = ""
    needs_evidence: bool = False
    scorer: Scorer = Scorer.REVIEWER
    remark: Remark = ""
    basis: Remark = ""
    is_unverified: bool = False  # from a form that nobody could look at: 未核实

    @model_validator(mode="after")
    def _source_fits(self) -> Self:
        if (self.source is Source.COMPUTED) != bool(self.indicator):
            raise ValueError("系统统计的项目要选一个指标，其他的不选")
        if self.source is Source.COMPUTED and self.scorer is not Scorer.REVIEWER:
            raise ValueError("系统统计的项目不用人打分")
        return self


class YesNoItem(_Item):
    kind: Literal[ItemKind.YES_NO] = ItemKind.YES_NO


class GradedItem(_Item):
    kind: Literal[ItemKind.GRADED] = ItemKind.GRADED
    grades: Annotated[tuple[Grade, ...], Limits(min_length=2, max_length=10)]


class RatioItem(_Item):
    """Nothing at the floor, all at the target, evenly in between; the target may be the lower one (days)."""

    kind: Literal[ItemKind.RATIO] = ItemKind.RATIO
    floor: Amount = Decimal(0)
    target: Amount = Decimal(100)

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.floor == self.target:
            raise ValueError("得 0 分的值和得满分的值不能一样")
        return self


class _Each(_Item):
    each: Points  # for one of what is counted
    unit: Annotated[Line, StringConstraints(max_length=10)] = "项"


class PerUnitItem(_Each):
    kind: Literal[ItemKind.PER_UNIT] = ItemKind.PER_UNIT


class LatenessItem(_Item):
    """All of it in time, so much less a day; nothing for what never came."""

    kind: Literal[ItemKind.LATENESS] = ItemKind.LATENESS
    each: Points = Decimal(1)


class RankItem(_Item):
    kind: Literal[ItemKind.RANK] = ItemKind.RANK
    places: Annotated[tuple[Place, ...], Limits(min_length=1, max_length=20)]
    is_lowest_first: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for before, after in zip(self.places, self.places[1:], strict=False):
            if before.up_to >= after.up_to or before.percent < after.percent:
                raise ValueError("名次从前往后写，后面的名次不能比前面的得分高")
        return self


class ExpertItem(_Item):
    """Points as experts gave them, their mean."""

    kind: Literal[ItemKind.EXPERT] = ItemKind.EXPERT
    source: Source = Source.CHECKED


class BonusItem(_Each):
    kind: Literal[ItemKind.BONUS] = ItemKind.BONUS


class DeductionItem(_Each):
    kind: Literal[ItemKind.DEDUCTION] = ItemKind.DEDUCTION


class VetoItem(_Item):
    kind: Literal[ItemKind.VETO] = ItemKind.VETO


Item = Annotated[
    YesNoItem | GradedItem | RatioItem | PerUnitItem | LatenessItem | RankItem | ExpertItem | BonusItem
    | DeductionItem | VetoItem,
    Limits(discriminator="kind"),
]  # fmt: skip
ITEM: TypeAdapter[Item] = TypeAdapter(Item)
COUNTABLE = (RatioItem, PerUnitItem, LatenessItem, RankItem, BonusItem, DeductionItem, VetoItem)
"""Kinds whose value a machine can count."""


class Part(In):
    """A part of a scheme with its items."""

    key: Key
    title: Label
    items: Annotated[tuple[Item, ...], Limits(max_length=MOST_ITEMS)] = ()

    @property
    def points(self) -> Decimal:
        """What its items weigh together."""
        return sum((each.points for each in self.items if each.kind not in BESIDE), Decimal(0))


class Peers(In):
    """Units that are compared with each other: those of a level, of some sizes, right below the city or not."""

    key: Key
    label: Label
    level: Level | None = None
    sizes: tuple[Size, ...] = ()
    is_direct: bool | None = None  # 市直: an enterprise without a district between it and the city


class Band(In):
    """A result: from so many percent of the full marks, and of each part no less than so many."""

    label: Annotated[Line, StringConstraints(min_length=1, max_length=20)]
    least: Percent
    each_least: Percent = Decimal(0)


class Definition(In):
    """All of a scheme."""

    parts: Annotated[tuple[Part, ...], Limits(max_length=MOST_SECTIONS)] = ()
    not_applicable: NotApplicable = NotApplicable.SPREAD
    bonus_most: Annotated[Decimal, Limits(ge=0, le=100, decimal_places=2)] = Decimal(10)
    peers: Annotated[tuple[Peers, ...], Limits(max_length=MOST_PEERS)] = ()
    bands: Annotated[tuple[Band, ...], Limits(max_length=8)] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for what, keys in (
            ("项目", [each.key for each in self.items()]), ("部分", [each.key for each in self.parts]),
            ("组", [each.key for each in self.peers]),
        ):  # fmt: skip
            if len(set(keys)) < len(keys):
                raise ValueError(f"两个{what}用了同一个代号")
        if len(list(self.items())) > MOST_ITEMS:
            raise ValueError(f"一个方案最多 {MOST_ITEMS} 项")
        if [each.least for each in self.bands] != sorted({each.least for each in self.bands}, reverse=True):
            raise ValueError("等次从高到低写，分数线不能一样")
        for item in self.items():
            if item.source is Source.COMPUTED and not isinstance(item, COUNTABLE):
                raise ValueError(f"“{item.label}”这种计分方式不能由系统统计")
        return self

    def items(self) -> Iterator[Item]:
        """Every item in its order."""
        return (item for part in self.parts for item in part.items)

    @property
    def points(self) -> Decimal:
        """The full marks, without what is beside them."""
        return sum((part.points for part in self.parts), Decimal(0))


# --- what the pages post ----------------------------------------------------------------------------------------------


class VersionIn(In):
    """The version that the page showed."""

    version: Version


class SchemeIn(In):
    """What a scheme is called, and what it is for."""

    title: Label
    about: Remark = ""


class NewSchemeIn(SchemeIn):
    """A scheme to begin, for one of the actor's unions."""

    union: UUID


class PublishIn(VersionIn):
    """Freeze a scheme; from the second version on with the reason."""

    reason: Remark = ""


class RulesIn(VersionIn):
    """What holds for all of a scheme; peers and bands one a line."""

    not_applicable: NotApplicable
    bonus_most: Annotated[Decimal, Limits(ge=0, le=100, decimal_places=2)]
    peers: Annotated[Prose, StringConstraints(max_length=2000)] = ""
    bands: Annotated[Prose, StringConstraints(max_length=1000)] = ""


class PartIn(VersionIn):
    """What a part is called."""

    title: Label


class MoveIn(VersionIn):
    """One place up or down."""

    steps: Literal["-1", "1"]


class UnionIn(In):
    """For which union a copy is made."""

    union: UUID


class NewItemQuery(In):
    """Where an item is to be added, and of which kind; what else is posted is the item itself."""

    model_config = ConfigDict(extra="ignore")

    part: Key
    kind: ItemKind


class OpenIn(In):
    """A run to open: of which version, over which days."""

    title: Label
    since: Day
    until: Day
    spot_percent: Annotated[int, Limits(ge=0, le=100)] = 10

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        require_period(self.since, self.until, years_ahead=1)
        return self


class RunDetails(In):
    """What the assignment of a self-assessment keeps: of which run it is."""

    assessment: UUID


class UntilIn(VersionIn):
    """A stage with a last day."""

    until: Day


class ReasonIn(VersionIn):
    """Why."""

    reason: Reason


class ObjectionIn(In):
    """What a unit does not agree with."""

    item: Key
    words: Reason


class AdviceIn(VersionIn):
    """推荐单位意见."""

    advice: Remark = ""


class AnswerIn(In):
    """What becomes of an objection; the new value only if it is upheld."""

    is_upheld: bool
    answer: Reason
    value: Annotated[Code, StringConstraints(max_length=20)] = ""
