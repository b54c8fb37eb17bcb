"""Any sequence of moves by anybody over a pool, its draw and its wins: the stock adds up, nobody holds two, nothing is
given twice, what was published stays, whatever was drawn can be recomputed, every change stands in the log."""

import importlib.util
import json
from datetime import UTC, datetime, timedelta
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from server import wiring
from server.core import ids
from server.core.clock import day_of
from server.core.db import Database
from server.core.errors import AppError
from server.kit.workflow import perform
from server.rewards import contests
from server.rewards.draws import actions as draws
from server.rewards.draws.drawing.publication import write_file
from server.rewards.draws.models import Draw, DrawMove, DrawStatus, DrawStep
from server.rewards.draws.schemas import ConfirmIn, DrawIn, ReasonIn, ValueIn
from server.rewards.draws.workflow import DRAWS
from server.rewards.prizes import actions
from server.rewards.prizes.models import (
    PoolMove,
    Prize,
    PrizeHandover,
    PrizePool,
    PrizeStep,
    PrizeWin,
    Proof,
    Way,
    WinStatus,
)
from server.rewards.prizes.queries import list_run_out
from server.rewards.prizes.schemas import HandoverIn, PoolIn, PrizeIn
from server.rewards.prizes.schemas import ReasonIn as RevocationIn
from server.rewards.prizes.workflow import HOLDING, WINS
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.support.backends import Embedded
from tests.support.contests import SampleContests
from tests.support.examples import examples
from tests.support.sources import ROOT
from tests.support.world import World, make_person

START = datetime(2026, 11, 24, 2, tzinfo=UTC)
CLOSE = datetime(2026, 12, 1, 12, tzinfo=UTC)
PICK = st.integers(0, 30)
VALUES = st.sampled_from(["1 2 3", "1 2 3", "1 2 3", "4 5 6"])
ENDED = {WinStatus.HANDED_OVER, WinStatus.REFUSED, WinStatus.EXPIRED, WinStatus.REVOKED, WinStatus.SKIPPED}


def load_script() -> Any:
    """scripts/verify_draw as a module."""
    loader = SourceFileLoader("verify_draw", str(ROOT / "scripts" / "verify_draw"))
    spec = importlib.util.spec_from_loader("verify_draw", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class Life(RuleBasedStateMachine):
    """A pool with prizes of both ways, nine people, two reviewers of the city and one of a town."""

    database: Database
    world: World
    script: Any
    one_each: bool

    @initialize(one_each=st.booleans(), finishers=st.integers(0, 9))
    def begin(self, one_each: bool, finishers: int) -> None:
        self.now, self.one_each = START, one_each
        with self.database.transaction() as session:
            self.people = [make_person(session, f"职工{number}").id for number in range(9)]
            second = make_person(session, "周审").id
        city, town = self.world.unions.city, self.world.unions.seaside
        self.actors = [
            self._reviewer(self.world.people.city_reviewer.id, Role.CITY_REVIEWER, city, Level.CITY),
            self._reviewer(second, Role.CITY_REVIEWER, city, Level.CITY),
            self._reviewer(self.world.people.town_reviewer.id, Role.TOWN_REVIEWER, town, Level.TOWN),
        ]
        self.contest = SampleContests(
            self.world.campaign_id, CLOSE, finishers=self.people[:finishers], ranking=self.people[:6]
        )
        contests.CONTESTS.plug(self.contest)
        with self.database.transaction() as session:
            form = PoolIn(contest_id=self.contest.id, name="奖品", one_each=one_each, runners_up=4, claim_days=4)
            self.pool_id = actions.create_pool(session, form, actor=self.actors[0], now=self.now).id
            for name, way, quantity in (("手表", Way.RANKING, 2), ("水杯", Way.DRAW, 1), ("毛巾", Way.DRAW, 2)):
                prize = PrizeIn(name=name, way=way, quantity=quantity)
                actions.add_prize(session, self.pool_id, prize, actor=self.actors[0], now=self.now)
        self.published: dict[UUID, dict[str, Any]] = {}
        self.ended: dict[UUID, WinStatus] = {}

    @staticmethod
    def _reviewer(person_id: UUID, role: Role, union_id: UUID, level: Level) -> Actor:
        return Actor(person_id, "某人", ids.new_id(), None, (RoleAt(role, union_id, level, "某工会"),))

    def _try(self, act: Any, *args: Any, **known: Any) -> None:
        """Do it; a refusal leaves no trace."""
        steps = self._count_steps()
        try:
            with self.database.transaction() as session:
                act(session, *args, now=self.now, **known)
        except AppError:
            assert self._count_steps() == steps

    def _count_steps(self) -> int:
        with self.database.reading() as session:
            return sum(session.scalar(select(func.count()).select_from(log)) or 0 for log in (PrizeStep, DrawStep))

    def _draw_id(self) -> UUID:
        with self.database.reading() as session:
            return session.scalar(select(Draw.id).order_by(Draw.id.desc()).limit(1)) or ids.new_id()

    def _win(self, pick: int) -> PrizeWin | None:
        with self.database.reading() as session:
            found = session.scalars(select(PrizeWin).order_by(PrizeWin.id)).all()
        return found[pick % len(found)] if found else None

    @rule(who=st.integers(0, 2), days=st.integers(-1, 3))
    def promise(self, who: int, days: int) -> None:
        due_on = day_of(CLOSE) + timedelta(days=days)
        form = DrawIn(
            name="抽奖", source="某期开奖号码", due_on=due_on, fallback_source="某日收盘指数",
            fallback_on=due_on + timedelta(days=5), value_form="digits3", fallback_form="digits3",
        )  # fmt: skip
        self._try(draws.commit_draw, self.pool_id, form, actor=self.actors[who])

    def _move(self, move: DrawMove, actor: Actor | None, form: Any = None) -> None:
        def make(session: Any, now: datetime) -> None:
            perform(DRAWS, session, self._draw_id(), move, actor=actor, form=form, now=now)

        self._try(make)

    @rule(who=st.integers(0, 2))
    def cancel(self, who: int) -> None:
        self._move(DrawMove.CANCEL, self.actors[who], ReasonIn(reason="写错了"))

    @rule(who=st.integers(0, 3))
    def freeze(self, who: int) -> None:
        self._move(DrawMove.FREEZE, self.actors[who] if who < 3 else None)

    @rule(who=st.integers(0, 2), value=VALUES)
    def enter(self, who: int, value: str) -> None:
        self._move(DrawMove.ENTER_VALUE, self.actors[who], ValueIn(value=value))

    @rule(who=st.integers(0, 2))
    def declare_missing(self, who: int) -> None:
        self._move(DrawMove.DECLARE_MISSING, self.actors[who])

    @rule(who=st.integers(0, 2))
    def reject(self, who: int) -> None:
        self._move(DrawMove.REJECT_VALUE, self.actors[who], ReasonIn(reason="录错了"))

    @rule(who=st.integers(0, 2), value=VALUES)
    def confirm(self, who: int, value: str) -> None:
        self._move(DrawMove.CONFIRM_VALUE, self.actors[who], ConfirmIn(value=value))

    @rule()
    def go_through_with_it(self) -> None:
        """The whole draw, so that wins are reached often."""
        self.promise(0, 1)
        self.now = max(self.now, CLOSE + timedelta(hours=1))
        self.freeze(3)
        self.now = max(self.now, CLOSE + timedelta(days=2))
        self.enter(0, "1 2 3")
        self.confirm(0, "1 2 3")  # refused: the same person
        self.confirm(1, "1 2 3")

    @rule(who=st.integers(0, 3))
    def rank(self, who: int) -> None:
        self._try(actions.award_ranking, self.pool_id, actor=self.actors[who] if who < 3 else None)

    def _move_win(self, move: PoolMove, win_id: UUID, form: Any = None, *, actor: Actor | None) -> None:
        def make(session: Any, now: datetime) -> None:
            perform(WINS, session, win_id, move, actor=actor, form=form, now=now)

        self._try(make)

    @rule(pick=PICK, is_own=st.sampled_from([True, True, True, False]))
    def accept(self, pick: int, is_own: bool) -> None:
        win = self._win(pick)
        if win is not None:
            self._move_win(PoolMove.ACCEPT, win.id, actor=self._worker(win, is_own))

    @rule(pick=PICK, is_own=st.sampled_from([True, True, True, False]))
    def refuse(self, pick: int, is_own: bool) -> None:
        win = self._win(pick)
        if win is not None:
            self._move_win(PoolMove.REFUSE, win.id, actor=self._worker(win, is_own))

    def _worker(self, win: PrizeWin, is_own: bool) -> Actor:
        person_id = win.person_id if is_own else self.world.people.stranger.id
        return Actor(person_id, None, ids.new_id(), None, (), is_worker=True)

    @rule(pick=PICK, who=st.integers(0, 2))
    def revoke(self, pick: int, who: int) -> None:
        win = self._win(pick)
        if win is not None:
            self._move_win(PoolMove.REVOKE, win.id, RevocationIn(reason="作弊"), actor=self.actors[who])

    @rule(pick=PICK, who=st.integers(0, 2), is_right=st.booleans())
    def hand_over(self, pick: int, who: int, is_right: bool) -> None:
        win = self._win(pick)
        if win is not None:
            form = HandoverIn(proof=Proof.CODE, code=(win.code or "") if is_right else "x")
            self._move_win(PoolMove.HAND_OVER, win.id, form, actor=self.actors[who])

    @rule(hours=st.sampled_from([1, 20, 30, 80, 200]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with self.database.reading() as session:
            waiting = list_run_out(session, self.now)
        for win_id in waiting:
            self._move_win(PoolMove.EXPIRE, win_id, actor=None)

    @invariant()
    def the_stock_adds_up_and_nobody_holds_two(self) -> None:
        if not hasattr(self, "ended"):
            return
        with self.database.reading() as session:
            held = session.scalars(select(PrizeWin).where(PrizeWin.status.in_(HOLDING))).all()
            for prize in session.scalars(select(Prize)):
                assert prize.remaining + sum(win.prize_id == prize.id for win in held) == prize.quantity
            if self.one_each:
                assert len({win.person_id for win in held}) == len(held)
            given = session.scalars(select(PrizeHandover.win_id)).all()
            over = {win.id for win in held if win.status is WinStatus.HANDED_OVER}
            assert len(given) == len(over)
            assert set(given) == over

    @invariant()
    def no_prize_lies_idle_while_somebody_waits_for_it(self) -> None:
        if not hasattr(self, "ended"):
            return
        with self.database.reading() as session:
            pool = session.get_one(PrizePool, self.pool_id)
            wins = session.scalars(select(PrizeWin)).all()
            holders = {win.person_id for win in wins if win.status in HOLDING}
            for way, at in ((Way.RANKING, pool.ranked_at), (Way.DRAW, pool.drawn_at)):
                free = sum(
                    prize.remaining for prize in session.scalars(select(Prize).where(Prize.way == way))
                )  # fmt: skip
                waiting = [win for win in wins if win.way == way and win.status is WinStatus.RESERVE]
                able = [win for win in waiting if not (self.one_each and win.person_id in holders)]
                assert at is None or not free or not able
                offered = [win.place for win in wins if win.way == way and win.status in HOLDING]
                assert not offered or not able or min(win.place for win in able) > max(offered)

    @invariant()
    def what_has_ended_stays_ended(self) -> None:
        if not hasattr(self, "ended"):
            return
        with self.database.reading() as session:
            for win in session.scalars(select(PrizeWin).where(PrizeWin.status.in_(ENDED))):
                assert self.ended.setdefault(win.id, win.status) is win.status

    @invariant()
    def what_is_published_stays_and_can_be_recomputed(self) -> None:
        if not hasattr(self, "ended"):
            return
        with self.database.reading() as session:
            found = list(session.scalars(select(Draw)))
        for draw in found:
            file = json.loads("".join(write_file(self.database, draw.id)))
            before = self.published.get(draw.id, {})
            assert all(file[key] == value for key, value in before.items() if key != "status")
            assert ("seed" in file) == (draw.status is DrawStatus.DRAWN)
            if file.keys() != before.keys():  # checked once per stage: it takes its time
                wrong: list[str] = []
                wanted = SimpleNamespace(terms_hash=None, entrants_hash=None, me=None)
                over = self.script.verify(file, wanted, lambda right, what, wrong=wrong: right or wrong.append(what))
                assert wrong == []
                assert over == (draw.status is DrawStatus.DRAWN)
            self.published[draw.id] = file

    @invariant()
    def the_log_tells_how_each_draw_came_to_its_state(self) -> None:
        if not hasattr(self, "ended"):
            return
        with self.database.reading() as session:
            found = list(session.scalars(select(Draw)))
            assert sum(draw.status is not DrawStatus.CANCELLED for draw in found) <= 1
            for draw in found:
                status: DrawStatus | None = None
                for step in session.scalars(select(DrawStep).where(DrawStep.draw_id == draw.id).order_by(DrawStep.id)):
                    assert step.from_status is status
                    assert status is None or _leads_to(status, step.move) is step.to_status
                    status = step.to_status
                assert status is draw.status
                assert draw.status is not DrawStatus.DRAWN or draw.entered_by_id != draw.confirmed_by_id


def _leads_to(status: DrawStatus, name: DrawMove) -> Any:
    move = DRAWS.find(name)
    assert status in move.before
    return move.after or status


@pytest.mark.slow("hundreds of moves, each of which the rules are asked about before and after")
def test_no_sequence_of_moves_steers_a_draw_or_gives_a_prize_twice(embedded: Embedded, tmp_path: Path) -> None:
    wiring.wire()
    runs = 0

    class Here(Life):
        world = embedded.world()
        script = load_script()

        def __init__(self) -> None:
            nonlocal runs
            runs += 1
            folder = tmp_path / str(runs)
            folder.mkdir()
            self.database = Database(embedded.settings(folder))
            super().__init__()

        def teardown(self) -> None:
            contests.CONTESTS.unplug(self.contest)
            self.database.close()

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples(5, full=18), stateful_step_count=40, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
