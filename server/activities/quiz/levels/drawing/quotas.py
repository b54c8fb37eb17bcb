"""Drawing the questions of a level. Pure."""

import random
from collections.abc import Sequence

from server.activities.quiz.bank.queries import Drawable
from server.activities.quiz.levels.schemas import QuotaIn


def fits(quota: QuotaIn, question: Drawable) -> bool:
    """Whether a question is what the quota asks for."""
    return (
        (quota.topic is None or quota.topic == question.topic)
        and (quota.difficulty is None or quota.difficulty == question.difficulty)
        and (quota.kind is None or quota.kind == question.kind)
    )


def _fitting(quota: QuotaIn, questions: list[Drawable]) -> list[Drawable]:
    """What fits; all of them, unread, if the quota asks for nothing else than a number."""
    if quota.topic is None and quota.difficulty is None and quota.kind is None:
        return questions
    return [question for question in questions if fits(quota, question)]


def draw(quotas: Sequence[QuotaIn], bank: Sequence[Drawable], rng: random.Random) -> list[Drawable]:
    """Questions by quota, none twice, in the order in which they are asked.

    The quota with the fewest candidates draws first. What it lacks (questions were retired since the level was set up)
    is made up from the rest of the bank, so that nobody stands before a closed door; the set-up page warns of it.
    Fewer than were asked for only when the whole bank has no more.
    """
    drawn: list[Drawable] = []
    left = list(bank)
    wanted = sum(quota.count for quota in quotas)
    for quota in sorted(quotas, key=lambda each: len(_fitting(each, left))):
        candidates = _fitting(quota, left)
        drawn += rng.sample(candidates, min(quota.count, len(candidates)))
        if len(drawn) < wanted:
            taken = {question.question_id for question in drawn}
            left = [question for question in left if question.question_id not in taken]
    drawn += rng.sample(left, min(wanted - len(drawn), len(left)))
    rng.shuffle(drawn)
    return drawn


def find_shortages(quotas: Sequence[QuotaIn], bank: Sequence[Drawable]) -> list[tuple[QuotaIn, int]]:
    """Quotas that the bank cannot fill, each with how many there are: alone, and after the others took theirs."""
    short = []
    left = list(bank)
    for quota in sorted(quotas, key=lambda each: sum(fits(each, question) for question in bank)):
        candidates = [question for question in left if fits(quota, question)]
        if len(candidates) < quota.count:
            short.append((quota, len(candidates)))
        taken = {question.question_id for question in candidates[: quota.count]}
        left = [question for question in left if question.question_id not in taken]
    return short
