"""When a question should come again: FSRS, by the `fsrs` package.

A right answer counts as “good”, a wrong one as “again”; we do not ask people how hard it felt. Fuzz is off: it spreads
the load of a deck learned in one day, and ours grow a few cards at a time.
"""

from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler, State

from server.activities.quiz.practice.models import PracticeCard

_SCHEDULER = Scheduler(enable_fuzzing=False)


def reschedule(card: PracticeCard, is_right: bool, now: datetime) -> None:
    """Write into `card` when it is due next, given an answer at `now`."""
    before = Card(
        card_id=0,
        state=State(card.state),
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due_at,
        last_review=card.reviewed_at,
    )
    after, _ = _SCHEDULER.review_card(before, Rating.Good if is_right else Rating.Again, now.astimezone(UTC))
    card.state, card.step = after.state.value, after.step
    card.stability, card.difficulty = after.stability, after.difficulty
    card.due_at, card.reviewed_at = after.due, now
