"""A visit for tests: planned at the console, recorded from the phone or the console, sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.core import clock, ids
from server.core.db import Database
from server.oversight.visits.models import Visit, VisitFinding
from server.unions.scans.models import LinkedPhone
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import Sample, jpeg, png
from tests.support.world import Someone, World

SUGGESTED = "建议三日内配齐护栏，请研究答复"


def today(days: int = 0) -> str:
    return (clock.day_of(clock.now()) + timedelta(days=days)).isoformat()


def signature(side: str, **changes: Any) -> dict[str, Any]:
    return {"side": side, "way": "typed", "name": "李组长", "signed_at": clock.now().isoformat(), **changes}


REFUSAL = {"way": "refused", "name": "", "reason": "负责人外出", "witness": "镇街工会干事"}


def finding(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(ids.new_id()), "place": "二号车间", "description": "临边没有护栏",
        "basis": "《安全生产法》第三十六条", "kind": "things", "grade": 3, "suggestion": SUGGESTED,
        "due_on": today(10), "owner": "周主任", "photos": [], **changes,
    }  # fmt: skip


@dataclass(frozen=True)
class Visitor:
    """A town's reviewer who plans, goes and sends; their phone is the worker's, linked to the account."""

    database: Database
    world: World
    desk_of: Callable[[Someone], Desk]
    phone_of: Callable[[Someone], Phone]
    run_jobs: Callable[..., int]

    @property
    def desk(self) -> Desk:
        return self.desk_of(self.world.people.town_reviewer)

    def phone(self, worker: Someone | None = None, reviewer: Someone | None = None) -> Phone:
        """A phone that may sign in to a reviewer's account."""
        worker, reviewer = worker or self.world.people.worker, reviewer or self.world.people.town_reviewer
        with self.database.transaction() as session:
            session.add(LinkedPhone(person_id=worker.id, account_id=reviewer.id, linked_at=clock.now()))
        return self.phone_of(worker)

    def plan(self, **changes: Any) -> Answer:
        me = str(self.world.people.town_reviewer.id)
        fields = {
            "enterprise": str(self.world.unions.shipyard), "mode": "random", "occasion": "四季度“查保促”抽查",
            "planned_from": today(), "planned_to": today(), "people": me, "leader": me, "others": "化工专家",
            "team_name": "第三组", **changes,
        }  # fmt: skip
        return self.desk.post("/console/visits", fields, form="/console/")

    def planned(self, **changes: Any) -> UUID:
        return UUID(self.plan(**changes).ok().headers["Location"].rsplit("/", 1)[1])

    def body(self, **changes: Any) -> dict[str, Any]:
        return {
            "key": str(ids.new_id()), "version": 1, "visited_on": today(), "situation": "现场看了两个车间。",
            "activities": "班组每周查一次隐患。", "talks": [{"people": 3, "topics": "防护", "words": "手套发得少"}],
            "findings": [finding()], "signatures": [signature("team"), signature("enterprise", **REFUSAL)], **changes,
        }  # fmt: skip

    def record(self, phone: Phone, visit_id: UUID, body: dict[str, Any]) -> Answer:
        return phone.put(f"/api/v1/visits/{visit_id}/record", body)

    def attach(self, phone: Phone, visit_id: UUID, field: str, sample: Sample | None = None) -> str:
        sample, file_id = sample or jpeg(3), str(ids.new_id())
        query = f"subject=visit&subject_id={visit_id}&field={field}&name=a.jpg&sha256={sample.sha256}"
        phone.call("PUT", f"/api/v1/files/{file_id}?{query}", body=sample.content).ok()
        return file_id

    def move(self, visit_id: UUID, name: str, **fields: str) -> Answer:
        version = str(self.load(visit_id).version)
        return self.desk.post(f"/console/visits/{visit_id}/{name}", {"version": version, **fields}, form="/console/")

    def send(self, visit_id: UUID, **fields: str) -> Answer:
        return self.move(visit_id, "send", mark="海工", reply_days="15", **fields)

    def sent(self, **changes: Any) -> UUID:
        """A visit whose findings are rectifications."""
        visit_id = self.planned()
        self.record(self.phone(), visit_id, self.body(**changes)).ok()
        self.send(visit_id).ok()
        self.run_jobs()
        return visit_id

    def load(self, visit_id: UUID) -> Visit:
        with self.database.reading() as session:
            return session.get_one(Visit, visit_id)

    def findings(self, visit_id: UUID) -> list[VisitFinding]:
        with self.database.reading() as session:
            those = select(VisitFinding).where(VisitFinding.visit_id == visit_id).order_by(VisitFinding.number)
            return list(session.scalars(those))


DRAWN = png(5)
