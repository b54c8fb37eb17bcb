"""What somebody won."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.panels import LINES, Line, Panel, PersonPanel
from server.rewards.prizes.models import Prize, PrizePool, PrizeWin
from server.rewards.prizes.texts import STATUS_WORDS
from server.unions.actor import Actor
from server.unions.people.models import Person


def _of_person(session: Session, _actor: Actor, person: Person, _now: datetime) -> Panel:
    wins = session.execute(
        select(Prize.name, PrizePool.id, PrizePool.contest_name, PrizeWin.status, PrizeWin.offered_at)
        .join(Prize, Prize.id == PrizeWin.prize_id)
        .join(PrizePool, PrizePool.id == PrizeWin.pool_id)
        .where(PrizeWin.person_id == person.id)
        .order_by(PrizeWin.id.desc())
        .limit(LINES)
    ).all()
    return Panel(
        lines=[
            Line(
                text=win.name,
                href=f"/console/prizes/{win.id}",
                note=win.contest_name,
                status=STATUS_WORDS[win.status],
                at=win.offered_at,
            )
            for win in wins
        ],
        nothing="还没有得过奖品。",
    )


PERSON_PANEL = PersonPanel(title="奖品", position=40, permission="prize.read", read=_of_person)
