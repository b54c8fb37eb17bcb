"""How much a job writes in one transaction."""

import pytest

from server.core.jobs.pace import Pace


@pytest.mark.parametrize(
    ("size", "seconds", "after"), [(50, 5.0, 5), (5, 30.0, 1), (10, 0.3, 10), (10, 0.1, 20), (40, 0.01, 50)]
)
def test_less_is_written_at_once_where_it_takes_long(size: int, seconds: float, after: int) -> None:
    pace = Pace(size, most=50)
    pace.note(seconds)
    assert pace.size == after
