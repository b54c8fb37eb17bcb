"""Wrong questions that come back."""

from server.activities.quiz.practice.models import PracticeCard
from server.core.slice import PersonalRows, Slice, owned_by

SLICE = Slice(
    personal=(
        PersonalRows(model=PracticeCard, rows=owned_by(PracticeCard.person_id), title="错题练习", is_removed=True),
    ),
)
