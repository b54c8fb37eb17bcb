"""Training and drills that were held: how many, how often somebody came, how many people that were."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.forms.ports import Wanted
from server.kit.filters import within_days
from server.oversight.training.listing import What
from server.oversight.training.models import DRILLS, HELD, Attendance, Headcount, TrainingSession
from server.reports.figures.schemas import Counts
from server.reports.figures.sources.source import Source, address, is_below
from server.reports.figures.texts import FigureText


def _figures(word: str) -> tuple[FigureText, ...]:
    return (
        FigureText("sessions", f"{word}场次", f"本期开始、本单位和下级举办、已经办完的{word}，不分活动；取消的不算。"),
        FigureText("times", f"{word}人次", f"这些{word}里签到、并确认参加完的人次，一个人参加几场算几次。", depth=1),
        FigureText("people", f"{word}人数", "同上，一个人不论参加几场都算一个。", depth=1, is_of_people=True),
        FigureText(
            "unnamed", f"{word}没有名单的人次", f"这些{word}里只报了人数、没有名单的，不在上面的人次和人数里。", depth=1
        ),
    )


def _count_of(what: What) -> Callable[[Session, Wanted], Counts]:
    def count(session: Session, wanted: Wanted) -> Counts:
        """Of sessions that unions of the subtree held, whoever came."""
        is_drill = TrainingSession.kind.in_(DRILLS)
        those = (
            is_below(session, TrainingSession, wanted), TrainingSession.status.in_(HELD),
            is_drill if what is What.DRILLS else ~is_drill, *within_days(TrainingSession.starts_at, wanted),
        )  # fmt: skip
        sessions = session.scalar(select(func.count()).select_from(TrainingSession).where(*those)) or 0
        times, people = session.execute(
            select(func.count(), func.count(Attendance.who.distinct()))
            .join(TrainingSession, TrainingSession.id == Attendance.session_id)
            .where(*those, Attendance.is_counted.is_(True))
        ).one()
        unnamed = session.scalar(
            select(func.coalesce(func.sum(Headcount.people), 0))
            .join(TrainingSession, TrainingSession.id == Headcount.session_id)
            .where(*those)
        )
        return Counts({"sessions": sessions, "times": times, "people": people, "unnamed": int(unnamed or 0)})

    return count


def _list_of(what: What) -> Callable[[str, Wanted], str]:
    def href(_name: str, wanted: Wanted) -> str:
        return address("/console/training", wanted, held="1", what=what)

    return href


TRAINING = Source("training_", "", _figures("培训"), _count_of(What.LESSONS), _list_of(What.LESSONS))
DRILLS_HELD = Source("drills_", "", _figures("演练"), _count_of(What.DRILLS), _list_of(What.DRILLS))
