"""Training."""

from server.core.slice import ERASED_NAME, PersonalRows, Slice, owned_by
from server.oversight.training.models import Attendance, SpecialPermit, TrainingCard

SLICE = Slice(
    personal=(
        PersonalRows(
            model=Attendance,
            rows=owned_by(Attendance.person_id),
            title="参加的培训和演练",
            hidden=frozenset({"who", "name_key", "device"}),
            is_counted=True,
            blanked={"name": ERASED_NAME, "name_key": ERASED_NAME, "phone": None, "post": "", "device": None},
            struck=("note",),
        ),
        PersonalRows(model=TrainingCard, rows=owned_by(TrainingCard.person_id), title="培训档案卡", is_removed=True),
        PersonalRows(model=SpecialPermit, rows=owned_by(SpecialPermit.person_id), title="特种作业证", is_removed=True),
    ),
)
