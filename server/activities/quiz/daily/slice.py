"""The question of the day."""

from server.activities.quiz.daily.models import DailyLearner
from server.core.slice import PersonalRows, Slice, owned_by

SLICE = Slice(
    personal=(
        PersonalRows(model=DailyLearner, rows=owned_by(DailyLearner.person_id), title="每日一题", is_removed=True),
    ),
)
