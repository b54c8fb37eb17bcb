"""What each figure is called and what it counts: the same words on the page, in sheets and on paper."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a figure is in."""

    ITEMS = "items"
    SHARE = "share"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class FigureText:
    """A figure: the name of a measure or of what follows from several, its words, and what it counts. `is_of_people`:
    it counts each person once, whom several unions may have, so that it cannot be added up."""

    name: str
    text: str
    meaning: str
    unit: Unit = Unit.ITEMS
    depth: int = 0  # 1: a part of the one above
    is_of_people: bool = False


HAZARD_FIGURES = (
    FigureText("submitted", "上报", "本期上报、照片已收齐的隐患。按上报那天计，下同。"),
    FigureText("waiting", "待受理", "其中还在等工会答复的。", depth=1),
    FigureText("returned", "待补充", "其中退回职工补充、还没有补来的。", depth=1),
    FigureText("accepted", "已受理", "其中受理并定级的。", depth=1),
    FigureText("declined", "不予受理", "其中不予受理的。", depth=1),
    FigureText("duplicate", "重复", "其中与别的隐患重复的。", depth=1),
    FigureText("withdrawn", "已撤回", "其中职工自己撤回的。", depth=1),
    FigureText("running", "整改中", "本期上报的隐患中，已发出整改、还没有销号的。"),
    FigureText("closed", "已销号", "本期上报的隐患中，复查合格、已经销号的。"),
    FigureText(
        "answer_in_time", "按期答复",
        "本期上报、期限内办结的（受理、不予受理、判为重复）。等职工补充的时间不算。",
    ),
    FigureText("answer_missed", "超期答复", "超过期限才办结的，加上过了期限还没有办结的。"),
    FigureText("answer_overdue", "逾期未答复", "其中到现在还没有办结的。", depth=1),
    FigureText("answer_rate", "答复及时率", "按期答复 ÷（按期答复＋超期答复）。没到期限的不算。", Unit.SHARE),
    FigureText("answer_mean", "平均答复用时", "从上报那天到办结那天，平均几天。", Unit.DAYS),
    FigureText("rectified_in_time", "按期整改", "整改期限在本期内、按期报告完成的。批准延期的，按延期后的期限。"),
    FigureText("rectify_missed", "超期整改", "过了期限才报告完成的，加上过了期限还没有完成的。"),
    FigureText("rectify_overdue", "逾期未整改", "其中到现在还没有报告完成的。", depth=1),
    FigureText("rectify_rate", "整改及时率", "按期整改 ÷（按期整改＋超期整改）。没到期限的不算。", Unit.SHARE),
    FigureText("closings", "本期销号", "本期内复查合格、销号的隐患，不论哪天上报。"),
    FigureText("closing_mean", "平均销号用时", "本期销号的，从上报那天到销号那天，平均几天。", Unit.DAYS),
)  # fmt: skip
SUGGESTION_FIGURES = (
    FigureText("submitted", "合理化建议", "本期上报的合理化建议。"),
    FigureText("accepted", "采纳", "其中采纳的，部分采纳的也算。", depth=1),
    FigureText("answer_in_time", "建议按期答复", "本期上报、期限内答复的合理化建议（采纳、不采纳、判为重复）。"),
    FigureText("answer_missed", "建议超期答复", "超过期限才答复的，加上过了期限还没有答复的。"),
    FigureText("answer_rate", "建议答复及时率", "按期答复 ÷（按期答复＋超期答复）。没到期限的不算。", Unit.SHARE),
)
TILES = tuple(
    each for each in HAZARD_FIGURES
    if each.name in (
        "submitted", "accepted", "closed", "answer_overdue", "answer_rate", "rectify_overdue", "rectify_rate"
    )
)  # fmt: skip
"""What is said first."""
FUNNEL = ("submitted", "accepted", "closed")
TEXT_OF = {each.name: each.text for each in HAZARD_FIGURES}


def shown(value: float | None, unit: Unit) -> str:
    """A figure as it is read out: 12, 85%, 2.3 天; — where there is nothing to tell."""
    if value is None:
        return "—"
    if unit is Unit.SHARE:
        return percent(value)
    return f"{value:.1f} 天" if unit is Unit.DAYS else str(int(value))


def percent(share: float | None) -> str:
    """A share in whole percents; 100% and 0% only where it is all or none."""
    if share is None:
        return "—"
    if 0 < share < 1:
        return f"{min(max(round(share * 100), 1), 99)}%"
    return f"{round(share * 100)}%"
