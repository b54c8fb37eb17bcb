"""What attempts lend to the wings below."""

from server.activities.quiz.attempts.scores.contest import QuizContests
from server.rewards.contests import CONTESTS


def subscribe_events() -> None:
    """Let rewards read who finished and who leads."""
    CONTESTS.plug(QuizContests())
