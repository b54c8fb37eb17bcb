"""The order of a card's options: another one each round, and the same for everyone who asks about that round."""

import random
from uuid import UUID

from server.activities.quiz.bank.models import QuestionKind


def order_of(card_id: UUID, round_: int, kind: QuestionKind, options: int) -> list[int]:
    """The original place of each option shown. 对 and 错 stay where they are."""
    places = list(range(options))
    if kind is not QuestionKind.TRUE_FALSE:
        random.Random(f"{card_id}:{round_}").shuffle(places)  # noqa: S311 - an order, no secret
    return places
