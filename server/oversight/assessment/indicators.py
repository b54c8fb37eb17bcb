"""Figures of hazards and suggestions that may be scored: a choice of those that forms know (`assignments.figures`).

What takes part in the quiz is counted there too, and is none of them: turnout is no outcome.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.forms.ports import FIGURES, Drawn, Wanted
from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share
from server.unions.roles import Level
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class FigureCount:
    """Counts a figure of the book; a share by what was divided by what."""

    figure: str

    def __call__(self, session: Session, asked: Asked) -> Counted:
        drawn = _draw(session, asked, self.figure)
        if drawn.parts is not None:
            return share(*drawn.parts, drawn.href or "")
        return Counted(Decimal(int(drawn.value or 0)), href=drawn.href or "")


@dataclass(frozen=True, slots=True)
class PerHundredWorkers:
    """A figure for each hundred workers of the enterprises below, as far as their headcounts are known."""

    figure: str

    def __call__(self, session: Session, asked: Asked) -> Counted:
        drawn, workers = _draw(session, asked, self.figure), count_workers(session, asked)
        return share(int(drawn.value or 0), workers, drawn.href or "")


@dataclass(frozen=True, slots=True)
class ShareOfFigures:
    """One figure of another."""

    over: str
    under: str

    def __call__(self, session: Session, asked: Asked) -> Counted:
        over, under = (_draw(session, asked, each) for each in (self.over, self.under))
        return share(int(over.value or 0), int(under.value or 0), over.href or "")


def _draw(session: Session, asked: Asked, figure: str) -> Drawn:
    """Raises TypeError for a figure that is no outcome, such as who took part in the quiz."""
    [book] = FIGURES.answers
    if figure not in {each.key for each in book.words() if each.outcome is not None}:
        raise TypeError(f"{figure} is no outcome of the work")
    wanted = Wanted(asked.union.id, asked.campaign_id, asked.since, asked.until)
    return book.draw(session, wanted, [figure], asked.now)[figure]


def count_workers(session: Session, asked: Asked) -> int:
    """Workers of the enterprises in use below a union."""
    those = asked.is_below(Union), Union.level == Level.ENTERPRISE, Union.is_active.is_(True)
    return session.scalar(select(func.coalesce(func.sum(Union.headcount), 0)).where(*those)) or 0


INDICATORS = (
    Indicator(
        key="hazards_per_hundred", name="每百名职工查出隐患数", source=OutcomeSource.HAZARDS,
        measure=Measure.PER_HUNDRED, count=PerHundredWorkers("accepted"),
        meaning="本期上报、经工会核实受理的隐患 ÷ 辖区企业职工数 × 100。没有受理的、重复的不算。职工数按单位资料。",
    ),
    Indicator(
        key="hazards_answered", name="隐患按期答复率", source=OutcomeSource.HAZARDS, measure=Measure.PERCENT,
        count=FigureCount("answer_rate"), meaning="本期上报的隐患，按期答复 ÷（按期答复＋超期答复）。没到期限的不算。",
    ),
    Indicator(
        key="rectified_in_time", name="隐患按期整改率", source=OutcomeSource.RECTIFICATIONS, measure=Measure.PERCENT,
        count=FigureCount("rectify_rate"),
        meaning="整改期限在本期内的隐患，按期整改 ÷（按期整改＋超期整改）。批准延期的按延后的期限。",
    ),
    Indicator(
        key="rectify_overdue", name="逾期未整改的隐患", source=OutcomeSource.RECTIFICATIONS, measure=Measure.ITEMS,
        count=FigureCount("rectify_overdue"), meaning="整改期限在本期内、到统计时还没有报告完成的隐患有几条。",
    ),
    Indicator(
        key="suggestions_answered", name="合理化建议按期答复率", source=OutcomeSource.SUGGESTIONS,
        measure=Measure.PERCENT, count=FigureCount("suggestions_answer_rate"),
        meaning="本期上报的合理化建议，按期答复 ÷（按期答复＋超期答复）。没到期限的不算。",
    ),
    Indicator(
        key="suggestions_adopted", name="合理化建议采纳数", source=OutcomeSource.SUGGESTIONS, measure=Measure.ITEMS,
        count=FigureCount("suggestions_accepted"), meaning="本期上报的合理化建议里采纳的，部分采纳的也算。",
    ),
    Indicator(
        key="suggestions_adopted_share", name="合理化建议采纳率", source=OutcomeSource.SUGGESTIONS,
        measure=Measure.PERCENT, count=ShareOfFigures("suggestions_accepted", "suggestions_submitted"),
        meaning="本期上报的合理化建议里采纳的占多少，部分采纳的也算。",
    ),
)  # fmt: skip
