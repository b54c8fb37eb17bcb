"""Whether an answer is right is said alike for one paper with its marks and for millions without."""

from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from server.activities.quiz.attempts.scores.grading import Asked, grade, outcomes, pack
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import Sheet
from tests.support.examples import examples


def _sheet(answer: frozenset[int]) -> Sheet:
    return Sheet(
        question_id=UUID(int=0), kind=QuestionKind.MULTIPLE, stem="", options=("", "", "", ""), answer=answer,
        explanation="", topic="", statute="", article="",
    )  # fmt: skip


places = st.frozensets(st.integers(0, 3), min_size=1)
questions = st.lists(
    st.tuples(places, st.permutations(range(4)), st.none() | st.integers(0, 15)), max_size=5
)  # right, as shown, ticked


@settings(max_examples=examples(8, full=100))
@given(questions)
def test_outcomes_are_those_of_the_marks(asked: list[tuple[frozenset[int], list[int], int | None]]) -> None:
    paper = [Asked(UUID(int=number), tuple(order)) for number, (_, order, _) in enumerate(asked)]
    sheets = {UUID(int=number): _sheet(right) for number, (right, _, _) in enumerate(asked)}
    answers: dict[str, Any] = {str(at): [mask, 0] for at, (_, _, mask) in enumerate(asked) if mask is not None}
    marks = [(mark.asked.version_id, mark.is_right) for mark in grade(paper, answers, sheets)]
    assert list(outcomes(pack(paper), answers, sheets)) == marks
