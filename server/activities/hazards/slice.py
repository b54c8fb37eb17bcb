"""Hazards that workers photograph."""

from server.activities.hazards.models import Hazard
from server.core.slice import PersonalRows, Slice
from server.review.submissions.queries import sent_by

SLICE = Slice(
    personal=(
        PersonalRows(model=Hazard, rows=sent_by(Hazard.submission_id), title="隐患内容", struck=("description",)),
    ),
)
