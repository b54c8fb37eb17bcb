"""The places of a draw: they follow from the seed, the public value and the list."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.draws.algorithm import draw_positions, random_words
from server.kit.workflow import MoveContext, Step, StepData
from server.rewards.draws.models import Draw, DrawEntry, DrawPlace
from server.rewards.prizes.actions import Place, award_places, list_prizes, spread
from server.rewards.prizes.models import PrizePool, Way

Context = MoveContext[Draw]
CHUNK = 2000  # positions per query


def reveal(context: Context) -> StepData:
    """The seed is no secret any more."""
    draw, pool = context.row, context.session.get_one(PrizePool, context.row.pool_id)
    places = len(_positions(context.session, draw, pool))
    draw.confirmed_by_id, draw.drawn_at, pool.drawn_at = context.actor_id, context.now, context.now
    return StepData(data={"seed": draw.seed, "places": places})


def give_places(context: Context, step: Step) -> None:
    """The places follow from what is published, the prizes are offered."""
    session, draw = context.session, context.row
    pool = session.get_one(PrizePool, draw.pool_id)
    wanted = spread(list_prizes(session, pool.id, Way.DRAW))
    places = _places(session, draw, _positions(session, draw, pool), [*wanted, *[None] * pool.runners_up])
    award_places(session, pool, Way.DRAW, places, actor_id=step.actor_id, now=context.now)


def _positions(session: Session, draw: Draw, pool: PrizePool) -> list[int]:
    words = random_words(draw.seed, draw.value or "", draw.terms_hash, draw.entrants_hash or "")
    places = len(spread(list_prizes(session, pool.id, Way.DRAW))) + pool.runners_up
    return draw_positions(draw.entrants or 0, places, words)


def _places(session: Session, draw: Draw, positions: list[int], wanted: Sequence[UUID | None]) -> list[Place]:
    entries = select(DrawEntry.position, DrawEntry.person_id).where(DrawEntry.draw_id == draw.id)
    people: dict[int, UUID] = {}
    for start in range(0, len(positions), CHUNK):
        some = entries.where(DrawEntry.position.in_(positions[start : start + CHUNK]))
        people |= {row.position: row.person_id for row in session.execute(some)}
    names = {prize.id: prize.name for prize in list_prizes(session, draw.pool_id)}
    places = []
    for number, (position, prize_id) in enumerate(zip(positions, wanted, strict=False), 1):
        prize = names[prize_id] if prize_id is not None else None
        session.add(DrawPlace(draw_id=draw.id, place=number, position=position, prize=prize))
        places.append(Place(people[position], prize_id))
    session.flush()
    return places
