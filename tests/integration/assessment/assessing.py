"""Hands for assessments: a scheme, a run, who checks and who objects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.assignments.dispatch.actions import send_assignment
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.rules import end_of
from server.core import clock
from server.core.db import Database
from server.oversight.assessment import actions
from server.oversight.assessment.models import AssessedUnit, Assessment, Objection, SchemeRecord
from server.oversight.assessment.running.opening import open_run
from server.oversight.assessment.schemas import Definition, OpenIn, PublishIn, SchemeIn
from server.unions.actor import Actor
from server.unions.roles import Role
from tests.support.callers import Desk
from tests.support.tasks import LATER, Officer, actor_at
from tests.support.world import Someone, World, make_person

GRADES = [{"label": "好", "percent": "100"}, {"label": "较好", "percent": "60"}, {"label": "没有", "percent": "0"}]
PARTS: list[dict[str, Any]] = [
    {
        "key": "p1", "title": "组织领导",
        "items": [
            {"key": "i1", "kind": "yes_no", "label": "有实施方案", "points": "10", "needs_evidence": True},
            {"key": "i2", "kind": "graded", "label": "制度落实", "points": "20", "grades": GRADES},
        ],
    },
    {
        "key": "p2", "title": "隐患排查",
        "items": [
            {"key": "i3", "kind": "ratio", "label": "隐患按期答复率", "points": "30", "floor": "0", "target": "100",
             "source": "computed", "indicator": "hazards_answered"},
            {"key": "i4", "kind": "per_unit", "label": "自办活动", "points": "40", "each": "10", "unit": "项"},
            {"key": "v1", "kind": "veto", "label": "瞒报事故", "source": "checked"},
        ],
    },
]  # fmt: skip
SCHEME: dict[str, Any] = {
    "parts": PARTS, "peers": [{"key": "g1", "label": "区市", "level": "district"}],
    "bands": [{"label": "优秀", "least": "90"}, {"label": "合格", "least": "60"}],
}  # fmt: skip
LIST = "/console/assessments/units"
WORDS = "三月开了部署会，把方案发到了各镇街和企业，逐家督促落实"


@dataclass
class Assessing:
    """The city assesses its two districts."""

    database: Database
    world: World
    desk_of: Callable[[Someone], Desk]
    run_jobs: Callable[..., int]

    @property
    def actor(self) -> Actor:
        people, unions = self.world.people, self.world.unions
        return actor_at(self.database, people.city_reviewer.id, Role.CITY_REVIEWER, unions.city)

    @property
    def city(self) -> Desk:
        return self.desk_of(self.world.people.city_reviewer)

    def colleague(self) -> Desk:
        """One more reviewer of the city."""
        with self.database.transaction() as session:
            person = make_person(session, "孙科", roles=((Role.CITY_REVIEWER, self.world.unions.city),))
            someone = Someone(person.id, "孙科")
        return self.desk_of(someone)

    def publish(self, scheme: dict[str, Any] | None = None) -> UUID:
        """A scheme of the city, published."""
        with self.database.transaction() as session:
            made = actions.create_scheme(
                session, self.world.unions.city, SchemeIn(title="年度考核"),
                Definition.model_validate(scheme or SCHEME), actor=self.actor, now=clock.now(),
            )  # fmt: skip
            actions.publish_scheme(session, made.id, PublishIn(version=1), actor=self.actor, now=clock.now())
            return made.id

    def open(self, scheme_id: UUID, percent: int = 50) -> UUID:
        """A run of this year, its self-assessment sent to both districts."""
        now = clock.now()
        with self.database.transaction() as session:
            today = clock.day_of(now)
            body = OpenIn(title="今年考核", since=today.replace(month=1, day=1), until=today, spot_percent=percent)
            run, draft = open_run(session, scheme_id, body, None, actor=self.actor, now=now)
            draft.due_on, draft.due_at = LATER, end_of(LATER)
            run_id, draft_id = run.id, draft.id
        with self.database.transaction() as session:
            version = session.get_one(Assignment, draft_id).version
            send_assignment(session, draft_id, version, actor=self.actor, now=now)
        self.run_jobs()
        return run_id

    def run(self, run_id: UUID) -> Assessment:
        with self.database.reading() as session:
            return session.get_one(Assessment, run_id)

    def units(self, run_id: UUID) -> dict[UUID, AssessedUnit]:
        """By union."""
        with self.database.reading() as session:
            found = session.scalars(select(AssessedUnit).where(AssessedUnit.assessment_id == run_id)).all()
            return {unit.union_id: unit for unit in found}

    def scheme(self, scheme_id: UUID) -> SchemeRecord:
        with self.database.reading() as session:
            return session.get_one(SchemeRecord, scheme_id)

    def task(self, run_id: UUID, union_id: UUID) -> UUID:
        """The row by which a union was asked to assess itself."""
        assignment_id = self.run(run_id).assignment_id
        with self.database.reading() as session:
            those = Recipient.assignment_id == assignment_id, Recipient.union_id == union_id
            return session.scalars(select(Recipient.id).where(*those)).one()

    def assess_oneself(self, run_id: UUID, union_id: UUID, who: Someone, **answers: str) -> None:
        said = {"i1": "yes", "i1_why": WORDS, "i2": "g0", "i4": "4", **answers}
        officer = Officer(self.desk_of(who), self.task(run_id, union_id))
        answer = officer.fill("submit", **said)
        assert answer.status == 303, answer.text

    def move(self, run_id: UUID, name: str, desk: Desk | None = None, **fields: str) -> Any:
        """Make a move of the run at its page."""
        fields = {"version": str(self.run(run_id).version), **fields}
        return (desk or self.city).post(f"/console/assessments/{run_id}/{name}", fields, form=LIST)

    def sum_up(self, run_id: UUID) -> Any:
        """Have all units scored."""
        answer = self.move(run_id, "sum")
        self.run_jobs()
        return answer

    def object_all(self, run_id: UUID) -> dict[UUID, UUID]:
        """Sum up, tell, and let both districts object to the item that they lost points by: by union."""
        people, unions = self.world.people, self.world.unions
        assert self.sum_up(run_id).status == 303
        until = (clock.day_of(clock.now()) + timedelta(days=3)).isoformat()
        assert self.move(run_id, "open_objections", until=until).status == 303
        objected = {}
        for union_id, who in ((unions.south, people.district_reviewer), (unions.north, people.other_district_reviewer)):
            unit, said = self.units(run_id)[union_id], {"item": "i4", "words": "记录在另一本台账上，请再看"}
            assert self.desk_of(who).post(f"{LIST}/{unit.id}/objections", said, form=LIST).status == 303
            with self.database.reading() as session:
                objected[union_id] = session.scalars(select(Objection.id).where(Objection.unit_id == unit.id)).one()
        return objected

    def mark(self, unit: AssessedUnit, desk: Desk, **values: str) -> Any:
        """Save the values of a unit: `i1="1"`, `i1_reason="…"`."""
        fields = {"version": str(unit.version)}
        for name, value in {"i1": "1", "i2": "100", "i4": "4", "v1": "0", **values}.items():
            key, _, what = name.partition("_")
            fields[f"{what or 'value'}-{key}"] = value
        return desk.post(f"/console/assessments/units/{unit.id}", fields, form=LIST)
