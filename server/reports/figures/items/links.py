"""Where the items are listed that a figure counts: the same submissions, by the filters of the lists. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from server.reports.figures.cuts.cut import Cut
from server.reports.figures.cuts.periods import Span
from server.review.queue.schemas import ALL, OVERDUE, Answered
from server.review.queue.schemas import DayOf as QueueDay
from server.review.rectification.listing import RECTIFICATIONS, Done, View
from server.review.rectification.listing import DayOf as RectifyDay
from server.review.submissions.kinds.registry import all_kinds
from server.review.submissions.models import Status

QUEUE_PATH = "/console/queue"
SENT = {"day_of": QueueDay.SENT.value}
_QUEUE: Mapping[str, Mapping[str, str]] = {
    "submitted": {"status": ALL},
    "waiting": {"status": Status.QUEUED},
    "returned": {"status": Status.RETURNED},
    "accepted": {"status": Status.ACCEPTED},
    "declined": {"status": Status.DECLINED},
    "duplicate": {"status": Status.DUPLICATE},
    "withdrawn": {"status": Status.WITHDRAWN},
    "answer_in_time": {"status": ALL, "answered": Answered.IN_TIME},
    "answer_missed": {"status": ALL, "answered": Answered.LATE},
    "answer_overdue": {"status": OVERDUE},
}
_RECTIFICATIONS: Mapping[str, Mapping[str, str]] = {
    "running": {"status": View.RUNNING, "day_of": RectifyDay.SENT},
    "closed": {"status": View.CLOSED, "day_of": RectifyDay.SENT},
    "closings": {"status": View.CLOSED, "day_of": RectifyDay.CLOSED},
    "rectified_in_time": {"status": View.ALL, "day_of": RectifyDay.DUE, "done": Done.IN_TIME},
    "rectify_missed": {"status": View.ALL, "day_of": RectifyDay.DUE, "done": Done.LATE},
    "rectify_overdue": {"status": View.OVERDUE, "day_of": RectifyDay.DUE},
}


@dataclass(frozen=True, slots=True)
class Links:
    """The lists behind figures of one union, campaign and cut."""

    union_id: UUID
    campaign_id: UUID | None
    cut: Cut
    memo: dict[tuple[object, ...], str] = field(default_factory=dict, compare=False, repr=False)  # a table has hundreds

    def href(
        self, measure: str, span: Span, narrowed: Mapping[str, str] | None = None, *, is_rectified: bool = True
    ) -> str | None:
        """The list of what a measure counts in these days; None where there is none. `narrowed`: filters of the row.
        `is_rectified`: of hazards, else of the other kinds."""
        if measure in _QUEUE:
            return self._address(QUEUE_PATH, {**_kind(is_rectified), **SENT, **_QUEUE[measure]}, span, narrowed)
        if measure in _RECTIFICATIONS:
            return self._address(RECTIFICATIONS.path, _RECTIFICATIONS[measure], span, narrowed)
        return None

    def _address(self, path: str, filters: Mapping[str, str], span: Span, narrowed: Mapping[str, str] | None) -> str:
        """What the row is narrowed to stands in place of what all are."""
        row = narrowed or {}
        key = (path, *filters.items(), span.since, span.until, *row)
        if key not in self.memo:
            days = {"since": span.since, "until": span.until}
            values: dict[str, object] = {
                **filters,
                "campaign": self.campaign_id or "all",
                "union": self.union_id,
                **dict.fromkeys(self.cut.flags, "1"),
                **{name: day.isoformat() for name, day in days.items() if day is not None},
            }
            self.memo[key] = f"{path}?{urlencode({name: value for name, value in values.items() if name not in row})}"
        return f"{self.memo[key]}&{urlencode(row)}" if row else self.memo[key]


def _kind(is_rectified: bool) -> dict[str, str]:
    kinds = [each.kind.value for each in all_kinds() if each.is_rectified is is_rectified]
    return {"kind": kinds[0]} if len(kinds) == 1 else {}
