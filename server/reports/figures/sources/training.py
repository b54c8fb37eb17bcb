"""Training and drills that were held: how many, how often somebody came, how many people that were. By who held them,
and by whose people came, whoever held them."""

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
        FigureText(
            "own_times",
            f"本辖区职工参加{word}人次",
            f"本期本单位和下级的职工参加{word}、已经核实的人次，不论哪一级举办；只有人数没有名单的不在内。",
        ),
        FigureText(
            "own_people", f"本辖区职工参加{word}人数", "同上，一个人不论参加几场都算一个。", depth=1, is_of_people=True
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
        own_times, own_people = _own(session, wanted, what)
        return Counts(
            {
                "sessions": sessions, "times": times, "people": people, "unnamed": int(unnamed or 0),
                "own_times": own_times, "own_people": own_people,
            }
        )  # fmt: skip

    return count


def _own(session: Session, wanted: Wanted, what: What) -> tuple[int, int]:
    """How often people of the subtree came, and how many that were, whoever held it: under the enterprise of that day,
    as coverage counts them."""
    is_drill = Attendance.kind.in_(DRILLS)
    days = [Attendance.held_on >= wanted.since] if wanted.since else []
    days += [Attendance.held_on <= wanted.until] if wanted.until else []
    row = session.execute(
        select(func.count(), func.count(Attendance.who.distinct())).where(
            is_below(session, Attendance, wanted), Attendance.is_counted.is_(True),
            is_drill if what is What.DRILLS else ~is_drill, *days,
        )
    ).one()  # fmt: skip
    return row[0], row[1]


def _list_of(what: What) -> Callable[[str, Wanted], str | None]:
    def href(name: str, wanted: Wanted) -> str | None:
        if name.startswith("own_"):
            return None  # no list shows just these
        return address("/console/training", wanted, held="1", what=what)

    return href


TRAINING = Source("training_", "", _figures("培训"), _count_of(What.LESSONS), _list_of(What.LESSONS))
DRILLS_HELD = Source("drills_", "", _figures("演练"), _count_of(What.DRILLS), _list_of(What.DRILLS))
