"""Who took part in the quiz. It is for reports that a union writes of itself; no scheme of assessment counts it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, AttemptStatus
from server.activities.quiz.levels.models import Quiz
from server.assignments.forms.ports import Wanted
from server.kit.filters import within_days
from server.reports.figures.schemas import Counts
from server.reports.figures.sources.source import Source, below
from server.reports.figures.texts import FigureText
from server.unions.people.models import Person


def _count(session: Session, wanted: Wanted) -> Counts:
    """Of those who belong to an enterprise of the subtree now."""
    statement = (
        select(func.count(), func.count(Attempt.person_id.distinct()))
        .join(Person, Person.id == Attempt.person_id)
        .where(
            Attempt.status == AttemptStatus.GRADED,
            Attempt.voided_at.is_(None),
            Person.enterprise_id.in_(below(session, wanted)),
            *within_days(Attempt.day, wanted),
        )
    )
    if wanted.campaign_id is not None:
        of_campaign = select(Quiz.id).where(Quiz.campaign_id == wanted.campaign_id)
        statement = statement.where(Attempt.quiz_id.in_(of_campaign))
    attempts, people = session.execute(statement).one()
    return Counts({"attempts": attempts, "people": people})


QUIZ = Source(
    "quiz_", "答题",
    (
        FigureText("attempts", "人次", "本期答完的次数，一个人答几次算几次；作废的不算。"),
        FigureText(
            "people", "人数", "本期答完过的职工，一个人不论答几次都算一个；按职工现在的单位。", is_of_people=True
        ),
    ),
    _count,
)  # fmt: skip
