"""Background work of leaderboards and figures."""

from datetime import timedelta

from server.activities.quiz.levels.queries import list_published
from server.activities.quiz.standings.computing.boards import compute_board, remove_board
from server.activities.quiz.standings.computing.counting import count_questions, figures_of
from server.activities.quiz.standings.computing.participation import count_participation
from server.activities.quiz.standings.models import BoardKind
from server.activities.quiz.standings.queries import find_figures
from server.core import clock
from server.core.jobs.registry import JobContext, periodic

AFTERMATH = timedelta(days=1)  # after its end a quiz is counted for another day: the last attempts, verdicts


@periodic("quiz.compute_boards", "计算答题排行", seconds=300)
def compute_boards(ctx: JobContext) -> None:
    """Leaderboards of quizzes that run or have just ended, each in small transactions."""
    now = clock.now()
    with ctx.database.reading() as session:
        quizzes = [quiz for quiz in list_published(session) if quiz.opens_at <= now <= quiz.closes_at + AFTERMATH]
    for quiz in quizzes:
        for board in BoardKind:
            if board in quiz.leaderboards:
                compute_board(ctx.database, quiz.id, board, len(quiz.levels), now)
            else:
                remove_board(ctx.database, quiz.id, board)


@periodic("quiz.count_figures", "统计答题数据", seconds=300)
def count_quiz_figures(ctx: JobContext) -> None:
    """Figures of the same quizzes: the questions' sums in small transactions, the rest beside all others."""
    now = clock.now()
    with ctx.database.reading() as session:
        quizzes = [quiz for quiz in list_published(session) if quiz.opens_at <= now <= quiz.closes_at + AFTERMATH]
    for quiz in quizzes:
        count_questions(ctx.database, quiz.id, now)
        with ctx.database.reading() as session:
            known = find_figures(session, quiz.id)
            before = known.data if known else {}
            data = count_participation(session, quiz.id, len(quiz.levels), before, now)
        with ctx.database.transaction() as session:
            figures = figures_of(session, quiz.id)
            figures.data, figures.computed_at = data, now
