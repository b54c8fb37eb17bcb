"""Filters of the queue as they stand in the address."""

from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.core.ids import new_id
from server.review.queue.schemas import ALL, SHOWN, Due, QueueFilter
from server.review.submissions.models import Kind, Status

filters = st.builds(
    QueueFilter,
    status=st.sampled_from([*SHOWN, ALL]),
    kind=st.none() | st.sampled_from(Kind),
    union=st.none() | st.builds(new_id),
    category=st.none() | st.just("fire"),
    grade=st.none() | st.integers(1, 4),
    due=st.none() | st.sampled_from(Due),
    mine=st.booleans(),
    routed=st.booleans(),
    q=st.sampled_from(["", "配电箱", "a&b=c"]),
)


@given(filters)
def test_an_address_leads_back_to_the_same_filters(chosen: QueueFilter) -> None:
    assert QueueFilter.model_validate(dict(parse_qsl(chosen.to_query()))) == chosen


def test_empty_boxes_filter_nothing() -> None:
    empty = {
        "kind": "",
        "union": "",
        "category": "",
        "grade": "",
        "due": "",
        "mine": "",
        "routed": "",
        "q": "",
        "after": "",
    }
    assert QueueFilter.model_validate(empty) == QueueFilter()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "x"},
        {"status": "incomplete"},
        {"status": "x"},
        {"union": "x"},
        {"grade": "5"},
        {"due": "x"},
        {"q": "长" * 101},
    ],
)
def test_values_that_make_no_sense_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        QueueFilter.model_validate(wrong)


def test_changing_a_filter_leaves_the_others_and_goes_to_the_first_page() -> None:
    union = UUID(int=7)
    chosen = QueueFilter(status=Status.ACCEPTED, union=union, after="abc")
    assert dict(parse_qsl(chosen.to_query(status=None))) == {"union": str(union)}
