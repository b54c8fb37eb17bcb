"""Every endpoint as every kind of caller: nobody gets in who does not belong, and nobody ever breaks anything."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import AnyConverter, BaseConverter, Rule, UUIDConverter
from werkzeug.routing.converters import NumberConverter

from server.app import create_app
from server.core import ids
from server.core.db import Database
from server.core.web.access import PUBLIC, permission_of
from server.photos.models import Photo
from server.review.submissions.models import Status, Submission, SubmissionStep
from server.unions.people.models import Person
from server.unions.roles import Role
from tests.integration.anonymity.conftest import read
from tests.support import images
from tests.support.applications import Applications, empty
from tests.support.backends import Embedded, make_settings, run_jobs
from tests.support.callers import Answer, Desk, InProcess, Phone
from tests.support.world import Someone, World, give_role

CATEGORY_SECRET = "只有当事人和主管工会能看到的隐患描述"
PHONE = "13812345678"
LINK = re.compile(r'(?:href|action|hx-post|hx-get)="(/console/[^"]*)"')
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Caller:
    """A kind of caller: who it is in the world, the role held, and whether the submission below is their business."""

    name: str
    role: Role | None
    belongs: bool
    also: Role | None = None  # held at the shipyard, besides the role of `name` elsewhere

    def someone(self, world: World) -> Someone:
        found: Someone = getattr(world.people, self.name)
        return found


# "I saw this too": a hint about somebody else's hazard may be followed; the answer tells how many follow, nothing else.
FOR_OTHERS_TOO = "/api/v1/submissions/<uuid:submission_id>/follow"

# A body is looked at before the submission it is for: these doors are knocked at with one that would do.
REOPENING = {"text": "还是老样子", "photos": [images.jpeg(2, (320, 240)).manifest]}
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/submissions/<uuid:submission_id>/photos/joined": {
        "upload_id": str(ids.new_id()),
        "size": 1,
        "position": 0,
    },
    "/api/v1/submissions/<uuid:submission_id>/rectification/reopenings/<uuid:reopening_id>": REOPENING,
    "/api/v1/submissions/<uuid:submission_id>/rectification/rating": {"satisfaction": "fair"},
    "/api/v1/submissions/<uuid:submission_id>/story": {"reach": "everybody"},
}

BRIEF = {"Accept": "application/json"}  # whoever must be refused is, the same way; the page that says so is the dearest

ENDS_THE_SESSION = {"/api/v1/session", "/console/sign-out", "/console/sign-in"}

CALLERS = [
    Caller("nobody", None, belongs=False),
    Caller("worker", Role.WORKER, belongs=True),
    Caller("colleague", Role.WORKER, belongs=False),
    Caller("stranger", Role.WORKER, belongs=False),
    Caller("newcomer", Role.WORKER, belongs=False),
    Caller("enterprise_reviewer", Role.ENTERPRISE_REVIEWER, belongs=True),
    Caller("other_enterprise_reviewer", Role.ENTERPRISE_REVIEWER, belongs=False),
    Caller("town_reviewer", Role.TOWN_REVIEWER, belongs=True),
    Caller("other_town_reviewer", Role.TOWN_REVIEWER, belongs=False),
    Caller("district_reviewer", Role.DISTRICT_REVIEWER, belongs=True),
    Caller("other_district_reviewer", Role.DISTRICT_REVIEWER, belongs=False),
    Caller("city_reviewer", Role.CITY_REVIEWER, belongs=True),
    Caller("admin", Role.ADMIN, belongs=True),
]


@dataclass(frozen=True)
class Scene:
    """A service with one submission of the shipyard's worker in the queue."""

    app: Flask
    world: World
    submission: UUID
    photo: UUID
    signed_in: dict[str, Phone | Desk] = field(default_factory=dict)

    def call(self, caller: Caller, rule: Rule, method: str, **headers: str) -> Answer:
        """Call an endpoint as somebody, by the door that is theirs, with the ids of this scene."""
        path = rule.build(self.values(rule), append_unknown=False)
        assert path is not None
        answer = self._send(caller, rule, method, path[1], headers)
        if rule.rule in ENDS_THE_SESSION:
            self.signed_in.clear()
        return answer

    def _send(self, caller: Caller, rule: Rule, method: str, path: str, headers: dict[str, str]) -> Answer:
        if rule.rule.startswith("/console"):
            desk = self._desk(caller)
            fields = self.forms().get(rule.rule.rpartition("/")[2])
            return desk.get(path, **headers) if method == "GET" else desk.post(path, fields, headers=headers)
        body = BODIES.get(rule.rule, {}) if method in ("POST", "PUT", "PATCH") else None
        return self._phone(caller).call(method, path, body)

    def values(self, rule: Rule) -> dict[str, Any]:
        """Path parameters: everything that exists is the shipyard's or its worker's."""
        known: dict[str, Any] = self.known()
        # What is not listed above exists for nobody: jobs, sessions, answers, templates, imports.
        return {name: known.get(name) or stand_in(converter) for name, converter in rule._converters.items()}

    def leads_nowhere(self, rule: Rule) -> bool:
        """Whether it is about something that exists for nobody here."""
        ids_asked = {name for name, converter in rule._converters.items() if isinstance(converter, UUIDConverter)}
        return not ids_asked <= self.known().keys()

    def forms(self) -> dict[str, dict[str, str]]:
        """What is asked of a form before it is asked whose business it is, by the end of the path."""
        return {
            "account": {"username": "worker.zhao"},
            "roles": {"role": Role.ENTERPRISE_REVIEWER.value, "union_id": str(self.world.unions.shipyard)},
            "active": {"version": "1", "active": "true"},
            "move": {"version": "1", "parent_id": str(self.world.unions.hillside)},
            "release": {"reason": "看过了，没有问题"},
        }

    def known(self) -> dict[str, UUID]:
        """The ids of what exists here, by the names of path parameters."""
        return {
            "submission_id": self.submission,
            "hazard_id": self.submission,
            "photo_id": self.photo,
            "person_id": self.world.people.worker.id,
            "union_id": self.world.unions.shipyard,
            "enterprise_id": self.world.unions.shipyard,
            "campaign_id": self.world.campaign_id,
        }

    def _phone(self, caller: Caller) -> Phone:
        if "phone" not in self.signed_in:
            phone = Phone(InProcess(self.app))
            if caller.role is Role.WORKER:
                phone.sign_in(caller.someone(self.world).code or "")
            self.signed_in["phone"] = phone
        return cast(Phone, self.signed_in["phone"])

    def _desk(self, caller: Caller) -> Desk:
        if "desk" not in self.signed_in:
            desk = Desk(InProcess(self.app))
            if caller.role not in (None, Role.WORKER):
                desk.sign_in(caller.someone(self.world))
            self.signed_in["desk"] = desk
        return cast(Desk, self.signed_in["desk"])

    def state(self) -> tuple[Status, int, int]:
        """Status, version and number of steps of the submission."""
        with self.app.extensions["database"].reading() as session:
            row = session.get(Submission, self.submission)
            steps = session.scalars(select(SubmissionStep.id).where(SubmissionStep.submission_id == self.submission))
            return row.status, row.version, len(steps.all())


@pytest.fixture(scope="module")
def scene_of(
    embedded: Embedded, applications: Applications, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Caller], Scene]]:
    """A scene of its own for each caller, so that what one may do does not disturb the next.

    The next takes the place of the one before; a caller with two roles has a place beside it.
    """
    homes = tmp_path_factory.mktemp("doors")
    open_ones: dict[str, Database] = {}

    def make(caller: Caller) -> Scene:
        place = "two-roles" if caller.also else "one-role"
        if place in open_ones:
            open_ones[place].close()
        settings = embedded.settings(empty(homes / place), soffice="none")  # else answers hang on the machine
        app = applications.open(settings)
        open_ones[place] = app.extensions["database"]
        world = embedded.world()
        _prepare(app, caller, world)
        phone = Phone(InProcess(app)).sign_in(world.people.worker.code or "")
        submission = phone.report(
            images.jpeg(1, (320, 240)), enterprise_id=world.unions.shipyard, description=CATEGORY_SECRET
        )
        database = app.extensions["database"]
        run_jobs(settings, database)
        with database.reading() as session:
            photo = session.scalars(select(Photo.id).where(Photo.submission_id == submission)).one()
        return Scene(app, world, submission, photo)

    yield make
    for database in open_ones.values():
        database.close()


def _prepare(app: Flask, caller: Caller, world: World) -> None:
    """The shipyard's worker has a telephone; whoever has two roles is given the second."""
    with app.extensions["database"].transaction() as session:
        session.get_one(Person, world.people.worker.id).phone = PHONE
        if caller.also is not None:
            give_role(session, caller.someone(world), caller.also, world.unions.shipyard)


def stand_in(converter: BaseConverter) -> Any:
    """A value that fits a path parameter."""
    if isinstance(converter, AnyConverter):
        return "display" if "display" in converter.items else min(converter.items)
    if isinstance(converter, UUIDConverter):
        return ids.new_id()
    return 1 if isinstance(converter, NumberConverter) else "x"


def doors(app: Flask) -> list[tuple[Rule, str]]:
    """Every endpoint with every method: first what is only looked at."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    found = [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return sorted(found, key=lambda door: door[1] != "GET")


def is_nobody_there(caller: Caller, rule: Rule) -> bool:
    """Phones have no way into the console, desks none into the workers' API: there they are as who is not signed in,
    and that caller has a walk of its own."""
    return caller.role is not None and (caller.role is Role.WORKER) == rule.rule.startswith("/console")


def expected(caller: Caller, rule: Rule, permission: str, holders: frozenset[str]) -> set[int] | None:
    """The statuses that an answer may have, from the policy alone; None: anything but a fault."""
    if permission == PUBLIC:
        return None
    if caller.role is None:
        return {302, 303, 401} if rule.rule.startswith("/console") else {401}  # 401: gives back what was typed
    if caller.role not in holders:
        return {403}
    return None


@pytest.mark.slow("knocks at some three hundred doors")
@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.name)
def test_every_door_opens_to_those_it_is_for_and_to_nobody_else(
    caller: Caller, scene_of: Callable[[Caller], Scene]
) -> None:
    scene = scene_of(caller)
    before, wrong, seen = scene.state(), list[str](), list[str]()
    policy = scene.app.extensions["policy"]
    for rule, method in doors(scene.app):
        if is_nobody_there(caller, rule):
            continue
        permission = permission_of(scene.app, rule.endpoint) or ""
        allowed = expected(caller, rule, permission, policy.get(permission, frozenset()))
        in_vain = allowed == {403} or scene.leads_nowhere(rule)
        answer = scene.call(caller, rule, method, **(BRIEF if in_vain else {}))
        about = f"{method} {rule.rule} → {answer.status}"
        shows_it = CATEGORY_SECRET in answer.body.decode(errors="replace")
        if shows_it and method == "GET" and "submission_id" in rule.rule:
            seen.append(rule.rule)
        if answer.status >= 500:
            wrong.append(f"{about}: a fault")
        elif allowed is not None and answer.status not in allowed:
            wrong.append(f"{about}: should be one of {sorted(allowed)}")
        elif allowed is not None and "/sign-in" not in answer.headers.get("Location", "/sign-in"):
            wrong.append(f"{about}: leads elsewhere than to the sign-in")
        elif (
            not caller.belongs
            and "submission_id" in rule.arguments
            and rule.rule != FOR_OTHERS_TOO
            and answer.status not in (302, 303, 401, 403, 404)
        ):
            wrong.append(f"{about}: somebody else's submission")
        elif not caller.belongs and shows_it:
            wrong.append(f"{about}: shows somebody else's submission")
    assert wrong == []
    assert bool(seen) is caller.belongs  # those it concerns see the submission
    if not caller.belongs:
        assert scene.state() == before


def offered(scene: Scene, answer: Answer) -> set[str]:
    """The links and forms of a page that lead to what is the shipyard's; ids of the scene are said by name."""
    names = {str(value): name for name, value in scene.known().items()}
    is_page = answer.status == 200 and answer.headers["Content-Type"].startswith("text/html")
    found = {target.split("?")[0] for target in LINK.findall(answer.text)} if is_page else set()
    said = {UUID_TEXT.sub(lambda match: names.get(match[0], match[0]), target) for target in found}
    return {target for target in said if any(name in target for name in names.values())}


@pytest.mark.parametrize(
    ("elsewhere", "role"),
    [("other_town_reviewer", Role.TOWN_REVIEWER), ("other_district_reviewer", Role.DISTRICT_REVIEWER)],
)
def test_a_role_held_elsewhere_opens_nothing_at_the_enterprise(
    elsewhere: str, role: Role, scene_of: Callable[[Caller], Scene]
) -> None:
    """Who reviews for an enterprise, and for a town or district elsewhere, is at the enterprise its reviewer alone."""
    both = Caller(elsewhere, role, belongs=True, also=Role.ENTERPRISE_REVIEWER)
    alone = next(caller for caller in CALLERS if caller.name == "enterprise_reviewer")
    scene, plain, wrong = scene_of(both), scene_of(alone), []
    for rule, method in doors(scene.app):
        if not rule.rule.startswith("/console") or not rule.arguments & scene.known().keys():
            continue
        theirs, usual = scene.call(both, rule, method), plain.call(alone, rule, method)
        about = f"{method} {rule.rule}: {theirs.status}, with the one role {usual.status}"
        if usual.status in (403, 404) and theirs.status not in (403, 404):
            wrong.append(about)
        if more := offered(scene, theirs) - offered(plain, usual):
            wrong.append(f"{about}: offers {sorted(more)}")
        if PHONE in read(theirs):  # also what a file says
            wrong.append(f"{about}: shows the whole number")
    assert wrong == []


def test_every_kind_of_caller_is_here() -> None:
    assert {caller.role for caller in CALLERS} == {None, *Role}


def test_a_token_of_one_door_opens_no_other(scene_of: Callable[[Caller], Scene]) -> None:
    scene = scene_of(CALLERS[1])
    phone = Phone(InProcess(scene.app)).sign_in(scene.world.people.worker.code or "")
    assert phone.get("/console/").status == 401  # it asks for JSON, as scripts do; browsers are led to the sign-in
    desk = Desk(InProcess(scene.app)).sign_in(scene.world.people.admin)
    assert desk.get("/api/v1/me").status == 401


def test_settings_for_this_walk_let_demo_codes_in(tmp_path: Any) -> None:
    """Everything above relies on it: without the setting, a demo code is refused."""
    app = create_app(make_settings(tmp_path, demo_sign_in=False))
    assert Phone(InProcess(app)).post("/api/v1/session", {"code": "demo:worker-1"}).status == 403
