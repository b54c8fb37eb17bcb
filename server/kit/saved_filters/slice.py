"""What lists of the kit keep and log."""

from server.core.slice import PersonalRows, Slice, owned_by
from server.kit.saved_filters.models import SavedFilter

SLICE = Slice(
    personal=(
        PersonalRows(model=SavedFilter, rows=owned_by(SavedFilter.person_id), title="保存的筛选", is_removed=True),
    ),
)
