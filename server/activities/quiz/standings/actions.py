"""Writes of leaderboards from the workers' side."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.scores.score_totals import set_listed
from server.activities.quiz.levels.queries import get_facts
from server.activities.quiz.standings.computing.pages import pages_that_name, remove_pages
from server.activities.quiz.standings.models import BoardKind, QuizBoard, QuizBoardPage, QuizBoardRow
from server.activities.quiz.standings.queries import check_chosen
from server.unions.actor import Actor


def choose_listing(session: Session, quiz_id: UUID, *, is_listed: bool, actor: Actor, now: datetime) -> None:
    """Be on the leaderboard or not. Leaving takes effect at once, coming back with the next count. Raises NotFound."""
    quiz = get_facts(session, quiz_id)
    if is_listed:
        check_chosen(quiz, BoardKind.PEOPLE)
    set_listed(session, actor.person_id, quiz_id, actor.enterprise_id, is_listed=is_listed, now=now)
    if not is_listed:
        session.get(QuizBoard, (quiz_id, BoardKind.PEOPLE), with_for_update=True)  # a count under way ends first
        remove_pages(session, QuizBoardPage.quiz_id == quiz_id, pages_that_name(actor.person_id))
        session.execute(
            delete(QuizBoardRow)
            .where(
                QuizBoardRow.subject_id == actor.person_id,
                QuizBoardRow.quiz_id == quiz_id,
                QuizBoardRow.board == BoardKind.PEOPLE,
            )
            .execution_options(synchronize_session=False)
        )
