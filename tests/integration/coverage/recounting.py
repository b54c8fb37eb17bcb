"""Coverage recounted naively, and all that may happen to what it counts."""

from collections import defaultdict
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.kit.scope import ancestors_of as of_tree
from server.oversight.coverage.counting.rules import MEASURES
from server.oversight.coverage.models import (
    CoveragePeriod,
    CoverageSum,
    Denominator,
    NamedOfficer,
)
from server.oversight.drills.models import Drill, EmergencyPlan, PlanKind, TriedPlan
from server.oversight.training.models import (
    DRILLS,
    HELD,
    Attendance,
    Headcount,
    SessionKind,
    SessionStatus,
    TrainingSession,
)
from server.unions.campaigns.models import Campaign
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.models import Ownership, Size, Union
from server.unions.tree.rules import ancestors_of
from tests.integration.coverage.training import attend, hold_session, sign
from tests.support.world import World

TODAY = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
DAYS = [date(2025, 12, 30), date(2026, 2, 3), date(2026, 5, 4), date(2026, 11, 2)]
Sums = dict[tuple[str, ...], dict[str, int]]


# --- the same, told naively -------------------------------------------------------------------------------------------


def recount(session: Session) -> Sums:
    """Every definition in the plainest words, one enterprise after the other, over everything there is."""
    unions = session.scalars(select(Union)).all()
    everyone = session.scalars(select(Attendance).order_by(Attendance.held_on, Attendance.id)).all()
    people = session.scalars(select(Person)).all()
    signed = session.scalars(select(Denominator).order_by(Denominator.as_of, Denominator.id)).all()
    named = session.scalars(select(NamedOfficer)).all()
    heads = session.scalars(select(Headcount)).all()
    registered = session.scalars(select(EmergencyPlan)).all()
    drills = session.execute(
        select(TriedPlan, TrainingSession).join(TrainingSession, TrainingSession.id == TriedPlan.session_id)
    ).all()
    sums: Sums = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for period in session.scalars(select(CoveragePeriod)):
        was_there = [row for row in everyone if row.is_counted and period.starts_on <= row.held_on <= period.ends_on]
        first: dict[str, UUID] = {}
        for row in was_there:
            if row.enterprise_id is not None:
                first.setdefault(row.who, row.enterprise_id)
        for union in unions:
            if union.level is not Level.ENTERPRISE or not union.is_active or not _belongs(session, period, union):
                continue
            own = [row for row in was_there if row.enterprise_id == union.id]
            counted = {row.who for row in own if first[row.who] == union.id}
            numbers = [
                row.people for row in heads
                if row.enterprise_id == union.id and period.starts_on <= row.held_on <= period.ends_on
            ]  # fmt: skip
            most = max(numbers, default=0)
            known = {row.who for row in own if row.person_id is not None} & counted
            bases = [row for row in signed if row.enterprise_id == union.id and row.as_of <= period.ends_on]
            teams = [each for each in unions if each.parent_id == union.id and each.is_active]
            base = bases[-1] if bases else None
            headcount = base.own + base.dispatched + base.contractors if base else union.headcount or 0
            all_teams = base.teams if base else len(teams)
            names = {row.name for row in named if row.enterprise_id == union.id and row.ended_at is None}
            names |= {union.safety_officer_name} if union.safety_officer_name else set()
            officers = {row.who for row in own if row.is_officer or row.name in names} if names else set()
            required = base.officers_required if base else 1
            by_name = {each.name: each.id for each in teams}
            drilled: set[Any] = {row.team_id or by_name.get(row.team, row.team) for row in own if row.kind in DRILLS}
            drilled.discard("")
            plans = [
                each for each in registered
                if each.enterprise_id == union.id and each.drawn_up_on <= period.ends_on
                and (each.ended_at is None or day_of(each.ended_at) > period.ends_on)
            ]  # fmt: skip
            tried = {
                drill.plan_id
                for drill, held in drills
                if held.status in HELD and period.starts_on <= day_of(held.starts_at) <= period.ends_on
            } | {each.id for each in plans if each.tried_on and period.starts_on <= each.tried_on <= period.ends_on}
            amounts = {
                "plans": len(plans), "plans_drilled": len(tried & {each.id for each in plans}),
                "enterprises": 1, "officers_required": required, "officers_attended": min(len(officers), required),
                "officers_covered": bool(officers), "officers_unnamed": not names,
                "own": base.own if base else headcount, "dispatched": base.dispatched if base else 0,
                "contractors": base.contractors if base else 0, "headcount": headcount,
                "attended": min(len(counted) + most, headcount), "named": len(known),
                "unnamed": len(counted - known) + most,
                "roster": sum(each.enterprise_id == union.id and each.is_active for each in people),
                "teams": all_teams, "teams_drilled": min(len(drilled), all_teams), "unsigned": base is None,
            }  # fmt: skip
            for cell in _cells(period, union):
                for name, amount in amounts.items():
                    sums[cell][name] += int(amount)
    return dict(sums)


def _belongs(session: Session, period: CoveragePeriod, union: Union) -> bool:
    owner = session.get(Campaign, period.campaign_id) if period.campaign_id else None
    return owner is None or owner.union_id in (union.city_id, union.district_id, union.town_id, union.enterprise_id)


def _cells(period: CoveragePeriod, union: Union) -> list[tuple[str, ...]]:
    has = [union.is_high_risk, union.is_chemical, union.ownership is Ownership.PRIVATE and union.size is Size.SMALL]
    parts = [("all", ""), ("industry", union.industry or ""), ("size", union.size or ""),
             ("ownership", union.ownership or "")]  # fmt: skip
    return [
        (str(period.id), str(above), str(flags), part, str(key))
        for above in (union.city_id, union.district_id, union.town_id)
        for flags in range(8)
        if all(has[bit] for bit in range(3) if flags & 1 << bit)
        for part, key in parts
    ]


def kept(session: Session) -> Sums:
    """What is counted, rows of nothing left out."""
    found = {
        tuple(str(getattr(row, name)) for name in ("period_id", "union_id", "flags", "part", "key")): {
            name: getattr(row, name) for name in MEASURES
        }
        for row in session.scalars(select(CoverageSum))
    }
    return {cell: amounts for cell, amounts in found.items() if any(amounts.values())}


# --- everything that may happen ---------------------------------------------------------------------------------------


class Hands:
    """Everything that may happen to what is counted, written straight into the tables."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.enterprises = [world.unions.shipyard, world.unions.bakery, world.unions.brewery]

    def do(self, session: Session, what: str, pick: int) -> None:
        getattr(self, what)(session, pick)

    def come(self, session: Session, pick: int) -> None:
        """Few people and few days, so that many are at several enterprises on several days, on the same one too."""
        kind = [SessionKind.COURSE, SessionKind.DRILL][pick % 2]
        people = [None, self.world.people.worker.id, self.world.people.colleague.id]
        number = pick // 2 % 6
        team_id = self.world.unions.team if pick % 5 == 0 else None
        attend(
            session, hold_session(session, self.world, DAYS[pick // 7 % 4], kind), self.enterprises[pick // 3 % 3],
            f"p{number}", person_id=people[number] if number < 3 else None, is_counted=pick % 11 != 0,
            is_officer=pick % 13 == 0, team_id=team_id, team=["", "焊工一班", "二班"][pick % 3],
        )  # fmt: skip

    def number(self, session: Session, pick: int) -> None:
        """A number without names: a new one, another, or none any more."""
        found = session.scalars(select(Headcount).order_by(Headcount.id.desc()).limit(3)).all()
        if found and pick % 3 == 0:
            session.delete(found[0])
        elif found and pick % 3 == 1:
            found[-1].people = 1 + pick % 5
        else:
            held, union_id = hold_session(session, self.world, DAYS[pick // 7 % 4]), self.enterprises[pick // 3 % 3]
            session.add(
                Headcount(
                    id=ids.new_id(), session_id=held.id, held_on=held.starts_at.date(), people=1 + pick % 4,
                    note="清点",
                    recorded_by_id=self.world.people.city_reviewer.id, recorded_at=held.starts_at,
                    **of_tree(session.get_one(Union, union_id)),
                )
            )  # fmt: skip

    def plan(self, session: Session, pick: int) -> None:
        """A plan: a new one, one that was tried elsewhere, one that is given up."""
        found = session.scalars(select(EmergencyPlan).order_by(EmergencyPlan.id.desc()).limit(3)).all()
        if found and pick % 3 == 0:
            found[0].tried_on = DAYS[pick % 4]
        elif found and pick % 3 == 1:
            found[-1].ended_at, found[-1].ended_reason = datetime.combine(DAYS[pick % 4], time(3), UTC), "并入"
        else:
            union = session.get_one(Union, self.enterprises[pick // 3 % 3])
            session.add(
                EmergencyPlan(
                    id=ids.new_id(), kind=PlanKind.SPECIAL, name=ids.new_id().hex, drawn_up_on=DAYS[pick % 4],
                    noted_by_id=self.world.people.city_reviewer.id, noted_at=TODAY, updated_at=TODAY,
                    **of_tree(union),
                )
            )  # fmt: skip

    def drill(self, session: Session, pick: int) -> None:
        """A drill of plans: a new one, one of another plan or of one more, held or not."""
        plans = session.scalars(select(EmergencyPlan).order_by(EmergencyPlan.id.desc()).limit(3)).all()
        found = session.scalars(select(Drill).order_by(Drill.session_id.desc()).limit(3)).all()
        if found and plans and pick % 3 == 0:
            if pick % 2:
                session.execute(delete(TriedPlan).where(TriedPlan.session_id == found[0].session_id))
            else:
                self._try(session, found[0], plans[-1])
        elif found and pick % 3 == 1:
            held = session.get_one(TrainingSession, found[-1].session_id)
            held.status = [SessionStatus.INCOMPLETE, SessionStatus.RUNNING][pick % 2]
        elif plans:
            held = hold_session(session, self.world, DAYS[pick // 7 % 4], SessionKind.DRILL)
            held.status = [SessionStatus.RUNNING, SessionStatus.INCOMPLETE][pick // 3 % 2]
            kinds = {"form": "full", "scope": "single", "aim": "check"}
            recorder = self.world.people.city_reviewer.id
            drill = Drill(session_id=held.id, updated_at=TODAY, recorded_by_id=recorder, **kinds)
            session.add(drill)
            session.flush()
            self._try(session, drill, plans[pick % len(plans)])

    def _try(self, session: Session, drill: Drill, plan: EmergencyPlan) -> None:
        tried = {"session_id": drill.session_id, "plan_id": plan.id}
        if session.scalar(select(TriedPlan.id).filter_by(**tried)) is None:
            session.add(TriedPlan(id=ids.new_id(), name="预案", kind=PlanKind.SPECIAL, **tried))
            session.flush()

    def strike(self, session: Session, pick: int) -> None:
        if (row := self._one(session, pick)) is not None:
            row.is_counted = not row.is_counted

    def erase(self, session: Session, pick: int) -> None:
        if (row := self._one(session, pick)) is not None:
            session.delete(row)

    def sign(self, session: Session, pick: int) -> None:
        heads = {"own": pick % 4, "dispatched": pick % 2, "teams": pick % 3, "officers_required": 1 + pick % 2}
        sign(session, self.world, self.enterprises[pick % 3], DAYS[pick % 4], **heads)

    def officer(self, session: Session, pick: int) -> None:
        name = [None, "p1", "p4"][pick % 3]
        self._change(session, self.enterprises[pick // 3 % 3], safety_officer_name=name)

    def name(self, session: Session, pick: int) -> None:
        enterprise_id, name = self.enterprises[pick % 3], f"p{pick % 6}"
        standing = session.scalar(
            select(NamedOfficer).where(
                NamedOfficer.enterprise_id == enterprise_id, NamedOfficer.name == name, NamedOfficer.ended_at.is_(None)
            )
        )
        if standing is not None:
            standing.ended_at = standing.named_at  # long before any period ended
            return
        session.add(
            NamedOfficer(
                id=ids.new_id(), enterprise_id=enterprise_id, name=name, named_at=datetime(2025, 1, 1, tzinfo=UTC),
                named_by_id=self.world.people.city_reviewer.id,
            )
        )  # fmt: skip

    def move(self, session: Session, pick: int) -> None:
        """The enterprise with its teams hangs under another town; what was attended stays where it lies."""
        union = session.get_one(Union, self.enterprises[pick % 3])
        parent = session.get_one(Union, [self.world.unions.seaside, self.world.unions.hillside][pick % 2])
        above = {k: v for k, v in ancestors_of(union.level, union.id, parent).items() if k != "enterprise_id"}
        self._change(session, union.id, parent_id=parent.id, **above)

    def change(self, session: Session, pick: int) -> None:
        values = {
            "is_chemical": pick % 2 == 0, "is_high_risk": pick % 3 == 0, "industry": ["化工", None][pick % 2],
            "ownership": [None, Ownership.PRIVATE, Ownership.STATE][pick % 3], "size": [None, Size.SMALL][pick % 2],
            "headcount": [None, 2, 120][pick % 3], "is_active": pick % 7 != 0,
        }  # fmt: skip
        self._change(session, self.enterprises[pick // 5 % 3], **values)

    def bind(self, session: Session, pick: int) -> None:
        person_id = [self.world.people.worker.id, self.world.people.newcomer.id][pick % 2]
        values = {"enterprise_id": self.enterprises[pick % 3], "is_active": pick % 5 != 0}
        session.execute(update(Person).where(Person.id == person_id).values(**values))

    def _change(self, session: Session, union_id: UUID, **values: Any) -> None:
        session.execute(update(Union).where(Union.id == union_id).values(**values))

    def _one(self, session: Session, pick: int) -> Attendance | None:
        found = session.scalars(select(Attendance).order_by(Attendance.id.desc()).limit(6)).all()
        return found[pick % len(found)] if found else None
