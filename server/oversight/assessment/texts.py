"""Words of assessments: what kinds and states are called, and an item's rule in words."""

from collections.abc import Mapping
from decimal import Decimal

from server.kit.indicators import Measure, all_indicators
from server.oversight.assessment.models import AssessmentStatus, Stage
from server.oversight.assessment.schemas import (
    BonusItem,
    DeductionItem,
    ExpertItem,
    GradedItem,
    Item,
    ItemKind,
    LatenessItem,
    NotApplicable,
    PerUnitItem,
    RankItem,
    RatioItem,
    Scorer,
    Source,
    VetoItem,
)

UNVERIFIED = "未核实"
KIND_NAMES: Mapping[ItemKind, str] = {
    ItemKind.YES_NO: "有没有", ItemKind.GRADED: "分档", ItemKind.RATIO: "按比例", ItemKind.PER_UNIT: "按数量",
    ItemKind.LATENESS: "按晚了几天", ItemKind.RANK: "按名次", ItemKind.EXPERT: "专家打分",
    ItemKind.BONUS: "加分", ItemKind.DEDUCTION: "扣分", ItemKind.VETO: "一票否决",
}  # fmt: skip
SOURCE_NAMES = {Source.COMPUTED: "系统统计", Source.SELF_REPORTED: "自评", Source.CHECKED: "现场核查"}
SCORER_NAMES = {Scorer.REVIEWER: "考核单位一人", Scorer.TWO_REVIEWERS: "考核单位两人各打各的，取平均"}
NOT_APPLICABLE_NAMES = {
    NotApplicable.SPREAD: "分值摊到同一部分的其他项目（按分值比例，分到百分之一）",
    NotApplicable.REMOVE: "满分减去这一项，按得分率排名",
}
STAGE_NAMES = {Stage.SELF: "自评", Stage.FIRST: "初审", Stage.SPOT: "抽查核分", Stage.OBJECTION: "异议处理"}
RESCORING = "正按采纳的异议重算得分和名次，一会儿再看。"
STATUS_NAMES: Mapping[AssessmentStatus, str] = {
    AssessmentStatus.PREPARED: "待发出",
    AssessmentStatus.SELF: "自评",
    AssessmentStatus.COUNTING: "正在统计",
    AssessmentStatus.CHECKING: "初审",
    AssessmentStatus.SPOT: "抽查核分",
    AssessmentStatus.SUMMING: "正在汇总",
    AssessmentStatus.SUMMED: "已汇总",
    AssessmentStatus.OBJECTIONS: "异议期",
    AssessmentStatus.PUBLISHED: "公示",
    AssessmentStatus.FINAL: "已定稿",
    AssessmentStatus.ARCHIVED: "已归档",
    AssessmentStatus.CANCELLED: "已取消",
}
MEASURE_NAMES = {
    Measure.ITEMS: "", Measure.PERCENT: "%", Measure.DAYS: " 天", Measure.PER_HUNDRED: "（每百名职工）"
}  # fmt: skip
USAGE_WORDS = (
    "登录", "安装率", "安装量", "注册率", "注册量", "关注人数", "关注率", "阅读量", "阅读率", "点赞", "转发量", "投票",
    "在线时长", "学习时长", "观看时长", "打卡", "活跃", "答题率", "答题人数", "答题参与", "闯关参与", "访问量",
)  # fmt: skip
"""Of what may be no basis of assessment, by how it is called. What the service counts has no such source at all."""


def say(value: Decimal | str | None) -> str:
    """A decimal without needless zeros: 12, 3.5; — for nothing."""
    if value is None:
        return "—"
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say_figure(value: str | None, measure: Measure) -> str:
    """A counted number as it is read, to two places."""
    if value is None:
        return "不适用"
    return say(Decimal(value).quantize(Decimal("0.01"))) + MEASURE_NAMES[measure]


def explain(item: Item) -> str:
    """How an item is scored, in words."""
    points = say(item.points)
    match item:
        case GradedItem():
            return "；".join(f"{each.label}得 {say(each.percent)}%" for each in item.grades)
        case RatioItem():
            way = "≥" if item.target > item.floor else "≤"
            floor = "≤" if item.target > item.floor else "≥"
            return f"{way}{say(item.target)} 得 {points} 分，{floor}{say(item.floor)} 得 0 分，中间按比例"
        case PerUnitItem():
            return f"每{item.unit} {say(item.each)} 分，最多 {points} 分"
        case LatenessItem():
            return f"按时得 {points} 分，每晚一天减 {say(item.each)} 分，减完为止；没有交得 0 分"
        case RankItem():
            first = "从小到大" if item.is_lowest_first else "从大到小"
            steps = "；".join(f"前 {each.up_to} 名得 {say(each.percent)}%" for each in item.places)
            return f"同组按数值{first}排名：{steps}；其余 0 分"
        case ExpertItem():
            return f"专家在 0 至 {points} 分之间打分，取平均"
        case BonusItem():
            return f"每{item.unit}加 {say(item.each)} 分，最多加 {points} 分"
        case DeductionItem():
            return f"每{item.unit}扣 {say(item.each)} 分，最多扣 {points} 分"
        case VetoItem():
            return "有一次就判为不合格，得分照常显示"
    return f"有得 {points} 分，没有得 0 分"


def say_value(item: Item, value: str | None) -> str:
    """A value of an item as people mean it."""
    if value is None:
        return "没有交"
    number = Decimal(value)
    match item:
        case GradedItem():
            return next((each.label for each in item.grades if each.percent == number), f"{say(number)}%")
        case PerUnitItem() | BonusItem() | DeductionItem():
            return f"{say(number)} {item.unit}"
        case LatenessItem():
            return f"晚 {say(number)} 天" if number > 0 else "按时"
        case ExpertItem():
            return f"{say(number)} 分"
        case VetoItem():
            return "有" if number > 0 else "没有"
    if item.kind is ItemKind.YES_NO:
        return "有" if number > 0 else "没有"
    return say(number)


def indicator_name(key: str) -> str:
    """What an indicator is called; its key where no slice declares it any more."""
    found = all_indicators().get(key)
    return found.name if found is not None else key
