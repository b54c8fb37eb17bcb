"""Rows that wait for somebody, of every kind that home counts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.activities.quiz.bank.models import Question, QuestionKind
from server.activities.suggestions.models import ImplementationStatus, PlanStep, Suggestion
from server.assignments.dispatch.models import Assignment, AssignmentStatus, ReceiptChannel, Recipient
from server.assignments.dispatch.models import RecipientStatus as Asked
from server.assignments.findings.models import Finding
from server.assignments.forms.models import FormRecord
from server.assignments.forms.schemas import CheckResult
from server.core import ids
from server.core.clock import day_of
from server.kit.scope import ancestors_of
from server.kit.teamwork.models import Assignee
from server.oversight.assessment import models as assessment
from server.oversight.awards import models as awards
from server.oversight.coverage.counting.reading import read_facts
from server.oversight.coverage.models import CoverageFact, CoveragePeriod
from server.oversight.drills.due.counting import count_some
from server.oversight.drills.models import DrillDue, EmergencyPlan, PlanKind
from server.oversight.letters.models import Letter, LetterKind, LetterStatus
from server.oversight.supervision import models as supervision
from server.oversight.systems.models import HeldStatus, HeldSystem, SafetySystem
from server.oversight.training.models import SessionStatus as Held
from server.oversight.visits.models import Visit, VisitMember, VisitMode, VisitStatus
from server.publicity.complaints.models import Complaint, ComplaintStatus
from server.publicity.stories.models import Reach, Story, StoryStatus
from server.review.escalation.models import Escalation, Overdue, OverdueKind
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyStatus as Rectify
from server.review.submissions.models import Kind, Status
from server.rewards.draws.models import Draw, DrawStatus
from server.rewards.prizes.models import Prize, PrizePool, PrizeWin, Way, WinStatus
from server.unions.roles import Level, Role
from server.unions.tree.models import Union
from tests.integration.rectification.test_rectification_list import fill
from tests.integration.review.rows import insert_submissions
from tests.support.training import training_session
from tests.support.world import World

DAY = timedelta(days=1)


def build(session: Session, world: World, now: datetime) -> None:
    """Something of every kind, for one union or another, and more of it than waits for them."""
    unions, people = world.unions, world.people
    routes = (unions.shipyard, unions.seaside, unions.south, unions.city)
    queued = insert_submissions(
        session, world, 12, now - DAY, routed_union_id=lambda number: routes[number % 4],
        due_at=lambda number: now + (number - 6) * DAY,
    )  # fmt: skip
    insert_submissions(session, world, 4, now, status=Status.RETURNED, routed_union_id=lambda number: routes[number])
    statuses = (Rectify.DISPUTED, Rectify.SUBMITTED, Rectify.OPEN, Rectify.ACCEPTED)
    fill(
        session, world, 24, now - DAY / 2, status=lambda number: statuses[number % 4],
        grade=lambda number: 1 + number % 3,
        asked_days=lambda number: 3 if number % 8 == 2 else None,
        rest_days=lambda number: 3 if number % 4 < 2 else None,
        rectified_by_id=lambda number: people.enterprise_reviewer.id if number % 4 == 1 else None,
        reopenings=lambda number: 1 if number % 8 == 3 else 0,
    )  # fmt: skip
    story_id = ids.new_id()
    session.add(
        Story(
            id=story_id, submission_id=queued[0], status=StoryStatus.OFFERED, consented=Reach.ENTERPRISE,
            consented_on=day_of(now), category="electric", title="配电箱换了箱门",
            **ancestors_of(session.get_one(Union, unions.shipyard)),
        )
    )  # fmt: skip
    session.add(
        Complaint(
            id=ids.new_id(), subject="story", subject_id=story_id, union_id=unions.seaside,
            status=ComplaintStatus.OPEN, made_on=day_of(now),
            **ancestors_of(session.get_one(Union, unions.seaside)),
        )
    )  # fmt: skip
    letters = [_letter(session, world, now, number) for number in range(6)]
    for number, status in enumerate((Held.INCOMPLETE, Held.RETURNED, Held.IN_REVIEW)):
        session.add(training_session(world, now, status=status, number=f"2026-00090{number}P"))
    session.add(
        EmergencyPlan(
            id=ids.new_id(), kind=PlanKind.SPECIAL, name="火灾专项预案", drawn_up_on=date(2025, 1, 1),
            next_review_on=date(2025, 12, 31), review_due_at=datetime(2025, 12, 31, 16, tzinfo=UTC),
            revise_since=date(2025, 6, 1), noted_by_id=people.town_reviewer.id, noted_at=now, updated_at=now,
            **ancestors_of(session.get_one(Union, unions.shipyard)),
        )
    )  # fmt: skip
    count_some(session, [unions.shipyard], now)
    session.execute(update(DrillDue).values(due_at=now - DAY))
    rectification_id = session.query(Rectification.id).limit(1).scalar()
    for subject, item in (("submission", queued[0]), ("rectification", rectification_id), ("letter", letters[0])):
        session.add(
            Assignee(
                id=ids.new_id(), subject=subject, subject_id=item, union_id=unions.seaside,
                assignee_id=people.town_reviewer.id, assigned_by_id=people.town_reviewer.id, assigned_at=now,
            )
        )  # fmt: skip
    for number, climbed in enumerate((unions.seaside, unions.seaside, unions.south, None)):
        overdue_id = ids.new_id()
        session.add(
            Overdue(
                id=overdue_id, kind=OverdueKind.SUBMISSION, item_id=queued[number], submission_id=queued[number],
                campaign_id=world.campaign_id, category="fire", excerpt="", place="", responsible_id=unions.shipyard,
                due_at=now, step=1 if climbed else 0, climbed_to_id=climbed, opened_at=now, city_id=unions.city,
                district_id=unions.south, town_id=unions.seaside, enterprise_id=unions.shipyard,
            )
        )  # fmt: skip
        session.flush()
        past = (unions.seaside, unions.south)[: 2 if climbed == unions.south else 1 if climbed else 0]
        session.add_all(
            Escalation(id=ids.new_id(), overdue_id=overdue_id, step=step, union_id=union_id, at=now)
            for step, union_id in enumerate(past, 1)
        )
    _suggestions(session, world, now)
    _awards(session, world, now)
    _prizes(session, world, now)
    _late_assignments(session, world, now)
    _supervision(session, world, now)
    _visits(session, world, now)
    for number, approved in enumerate((None, None, 1)):
        session.add(
            Question(
                id=ids.new_id(), code=f"T{number}", kind=QuestionKind.SINGLE, topic="安全生产法", difficulty=1,
                statute="", stem="？", newest=1, approved=approved, created_at=now,
            )
        )  # fmt: skip
    _coverage(session, world, now)


def _supervision(session: Session, world: World, now: datetime) -> None:
    """Draws of the town: two are being prepared, one waits for its number, one has time, the number of one waits for
    another to read it."""
    unions, by = world.unions, world.people.town_reviewer.id
    place = {"city_id": unions.city, "district_id": unions.south, "town_id": unions.seaside}
    plan_id, today = ids.new_id(), day_of(now)
    session.add(
        supervision.Plan(
            id=plan_id, union_id=unions.seaside, status=supervision.PlanStatus.PUBLISHED, title="督导",
            mode=supervision.PlanMode.RANDOM, starts_on=today, ends_on=today, drafted_by_id=by, published_at=now,
            created_at=now, updated_at=now, **place,
        )
    )  # fmt: skip
    session.flush()
    member = {"person_id": by, "union_id": unions.seaside, "duty": supervision.Duty.LEADER}
    session.add(supervision.PlanMember(id=ids.new_id(), plan_id=plan_id, **member))
    other = world.people.district_reviewer.id
    for days in (None, None, -1, 2, -2):
        frozen = {"frame_hash": "0" * 64, "frozen_at": now - DAY, "frozen_by_id": by, "seed": "0" * 64}
        if days == 2:  # another of them has to agree
            frozen |= {"cancel_asked_reason": "换一批", "cancel_asked_at": now, "cancel_asked_by_id": by}
        status = supervision.DrawStatus.PREPARING if days is None else supervision.DrawStatus.FROZEN
        if days == -2:
            status, frozen = supervision.DrawStatus.VALUED, frozen | {"value": "3312.45", "entered_by_id": other}
        session.add(
            supervision.Draw(
                id=ids.new_id(), plan_id=plan_id, union_id=unions.seaside, status=status, terms={},
                due_on=today + (days or 0) * DAY, created_at=now, **(frozen if days is not None else {}), **place,
            )
        )  # fmt: skip


def _visits(session: Session, world: World, now: datetime) -> None:
    """Of the town: two are recorded, and their opinion is not sent; one is planned, and its reviewer goes."""
    unions, by, today = world.unions, world.people.town_reviewer.id, day_of(now)
    for recorded in (True, True, False):
        visit_id = ids.new_id()
        record = {
            "visited_on": today, "recorded_by_id": by, "recorded_at": now, "record_key": ids.new_id(),
            "record_hash": "0" * 64,
        }  # fmt: skip
        session.add(
            Visit(
                id=visit_id, status=VisitStatus.RECORDED if recorded else VisitStatus.PLANNED, version=1,
                mode=VisitMode.RANDOM, occasion="抽查", organizer_id=unions.seaside, organizer_level=Level.TOWN,
                planned_from=today, planned_to=today, opened_by_id=by, created_at=now, updated_at=now,
                city_id=unions.city, district_id=unions.south, town_id=unions.seaside,
                enterprise_id=unions.shipyard, **(record if recorded else {}),
            )
        )  # fmt: skip
        session.flush()
        session.add(VisitMember(id=ids.new_id(), visit_id=visit_id, position=0, person_id=by, is_leader=True))


def _letter(session: Session, world: World, now: datetime, number: int) -> UUID:
    unions, author = world.unions, world.people.town_reviewer.id
    is_issued = number > 1
    due_at = now + (number - 4) * DAY
    issue: dict[str, Any] = {
        "year": 2026, "number": number, "issued_by_id": author, "issued_at": now - 9 * DAY, "due_at": due_at,
        "due_on": due_at.date(),
    }  # fmt: skip
    row = Letter(
        id=ids.new_id(), kind=LetterKind.NOTICE, status=LetterStatus.ISSUED if is_issued else LetterStatus.DRAFT,
        version=1, issuer_id=unions.seaside, issuer_name="海滨", addressee_id=unions.shipyard, addressee_name="船厂",
        mark="海工提", subject=f"第{number}封", body="", reply_days=5, drafted_by_id=author, created_at=now,
        updated_at=now, city_id=unions.city, district_id=unions.south, town_id=unions.seaside,
        enterprise_id=unions.shipyard, **(issue if is_issued else {}),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def _late_assignments(session: Session, world: World, now: datetime) -> None:
    """Of the town: one is late and owed, one is signed, one has time, one is answered, one was returned, with an item
    that nobody could judge."""
    unions, by = world.unions, world.people.town_reviewer.id
    recipient_id = assignment_id = ids.new_id()
    states = ((-2, Asked.SENT), (-2, Asked.RECEIVED), (2, Asked.SENT), (3, Asked.SUBMITTED), (4, Asked.RETURNED))
    submitted = {"submitted_at": now, "submitted_by_id": by, "first_submitted_at": now}
    for number, (days, status) in enumerate(states):
        assignment_id, due_at = ids.new_id(), now + days * DAY
        place = {"city_id": unions.city, "district_id": unions.south, "town_id": unions.seaside}
        session.add(
            Assignment(
                id=assignment_id, root_id=assignment_id, kind="task", number=f"2026-90000{number}R", title="查",
                status=AssignmentStatus.SENT, sender_id=unions.seaside, due_at=due_at, due_on=day_of(due_at), rule={},
                drafted_by_id=by, drafted_at=now, edited_at=now, sent_at=now - 5 * DAY, sent_by_id=by, **place,
            )
        )  # fmt: skip
        session.flush()
        recipient_id = ids.new_id()
        receipt = {
            "received_at": now, "received_by_id": by, "received_role": Role.ENTERPRISE_REVIEWER,
            "received_via": ReceiptChannel.CONSOLE,
        }  # fmt: skip
        session.add(
            Recipient(
                id=recipient_id, assignment_id=assignment_id, root_id=assignment_id, sender_id=unions.seaside,
                union_id=unions.shipyard, level=Level.ENTERPRISE, status=status, due_at=due_at, sent_at=now,
                enterprise_id=unions.shipyard,
                **place, **(receipt if status is Asked.RECEIVED else submitted if number > 2 else {}),
            )
        )  # fmt: skip
    session.flush()
    _objected(session, world, now, recipient_id, assignment_id)
    session.add(
        Finding(
            id=ids.new_id(), recipient_id=recipient_id, item="f1", label="烟道", result=CheckResult.CANNOT_JUDGE,
            found_by_id=by, found_at=now,
        )
    )  # fmt: skip


def _objected(session: Session, world: World, now: datetime, recipient_id: UUID, assignment_id: UUID) -> None:
    """The shipyard does not agree with the town's assessment, and somebody asked to call it off."""
    unions, by = world.unions, world.people.town_reviewer.id
    place = {"city_id": unions.city, "district_id": unions.south, "town_id": unions.seaside}
    scheme_id, version_id, form_id, run_id, unit_id = (ids.new_id() for _ in range(5))
    session.add(assessment.SchemeRecord(
        id=scheme_id, union_id=unions.seaside, title="考核", definition={}, edited_by_id=by, edited_at=now
    ))  # fmt: skip
    session.add(FormRecord(id=form_id, union_id=unions.seaside, title="自评", definition={}, edited_at=now))
    session.flush()
    session.add(assessment.SchemeVersion(
        id=version_id, scheme_id=scheme_id, number=1, title="考核", definition={}, content_hash="0" * 64,
        published_by_id=by, published_at=now,
    ))  # fmt: skip
    session.flush()
    session.add(assessment.Assessment(
        id=run_id, title="考核", status=assessment.AssessmentStatus.OBJECTIONS, sender_id=unions.seaside,
        scheme_version_id=version_id, form_id=form_id, assignment_id=assignment_id, since=day_of(now),
        until=day_of(now), seed="", terms={}, result_hash="0" * 64, opened_by_id=by, opened_at=now, updated_at=now,
        cancel_asked_reason="分组错了", cancel_asked_at=now, cancel_asked_by_id=world.people.city_reviewer.id, **place,
    ))  # fmt: skip
    session.flush()
    session.add(assessment.AssessedUnit(
        id=unit_id, assessment_id=run_id, union_id=unions.shipyard, recipient_id=recipient_id,
        enterprise_id=unions.shipyard, **place,
    ))  # fmt: skip
    session.flush()
    session.add(assessment.Objection(
        id=ids.new_id(), unit_id=unit_id, item="i1", words="不对", raised_at=now,
        raised_by_id=world.people.enterprise_reviewer.id,
    ))  # fmt: skip


def _suggestions(session: Session, world: World, now: datetime) -> None:
    adopted = insert_submissions(
        session, world, 4, now, kind=Kind.SUGGESTION, status=Status.ACCEPTED, grade=None, category="s_process",
        union_id=lambda number: (world.unions.shipyard, world.unions.brewery)[number // 3],
    )  # fmt: skip
    words = {"title": "改", "proposal": "改", "may_publish": True, "version": 1, "status": ImplementationStatus.PENDING}
    plans: Sequence[Mapping[str, int]] = ({"steps": 1, "open_steps": 1}, {"steps": 1}, {}, {})
    for each, plan in zip(adopted, plans, strict=True):
        session.add(Suggestion(submission_id=each, **words, **plan))
    session.flush()
    for submission_id, done_on in ((adopted[0], None), (adopted[1], date(2026, 1, 2))):
        session.add(
            PlanStep(
                id=ids.new_id(), submission_id=submission_id, what="做", owner="我", due_on=date(2026, 1, 1),
                done_on=done_on, created_at=now,
            )
        )  # fmt: skip


def _awards(session: Session, world: World, now: datetime) -> None:
    unions, maker = world.unions, world.people.city_reviewer.id
    budget = awards.AwardBudget(
        id=ids.new_id(), union_id=unions.city, name="奖", amount_cents=100, created_by_id=maker, created_at=now
    )
    session.add(budget)
    session.flush()
    scheme = awards.AwardScheme(
        id=ids.new_id(), union_id=unions.city, budget_id=budget.id, campaign_id=world.campaign_id, name="奖",
        kind=awards.SchemeKind.WORKER, grades=[1], quota=9, batches=6, amount_cents=1, joint_share=False,
        exclude_duty=False, nomination_quota=0, starts_on=now.date(), ends_on=now.date(), objection_days=3,
        created_by_id=maker, created_at=now,
    )  # fmt: skip
    session.add(scheme)
    session.flush()
    state = awards.BatchStatus
    states = (state.DRAFT, state.COMPUTED, state.PUBLISHED, state.PUBLISHED, state.PUBLISHED, state.FINAL)
    for number, status in enumerate(states):
        is_computed, is_out = status is not state.DRAFT, status in (state.PUBLISHED, state.FINAL)
        batch = awards.AwardBatch(
            id=ids.new_id(), scheme_id=scheme.id, union_id=unions.city, number=number, name=f"第{number}批", quota=1,
            status=status, computed_at=now if is_computed else None, facts_hash="0" if is_computed else None,
            published_at=now if is_out else None, objections_until=now + (3.5 - number) * DAY if is_out else None,
            final_at=now if status is state.FINAL else None, created_at=now,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        if number == 2:
            session.add(
                awards.AwardObjection(
                    id=ids.new_id(), batch_id=batch.id, person_id=world.people.worker.id, text="不对",
                    status=awards.ObjectionStatus.OPEN, at=now,
                )
            )  # fmt: skip


def _prizes(session: Session, world: World, now: datetime) -> None:
    people = world.people
    for number in range(5):
        pool = PrizePool(
            id=ids.new_id(), union_id=world.unions.city, contest_id=ids.new_id(), contest_name="赛", name=f"{number}",
            one_each=True, runners_up=0, notice_days=1, claim_days=1, locked_at=now, created_at=now,
            created_by_id=people.city_reviewer.id,
        )  # fmt: skip
        session.add(pool)
        session.flush()
        prize = Prize(id=ids.new_id(), pool_id=pool.id, position=1, name="杯", way=Way.DRAW, quantity=1, remaining=0)
        session.add(prize)
        session.flush()
        session.add(
            PrizeWin(
                id=ids.new_id(), pool_id=pool.id, way=Way.DRAW, place=1, person_id=people.worker.id, code="1",
                prize_id=prize.id, status=WinStatus.ACCEPTED, offered_at=now, notice_until=now + (number - 1.5) * DAY,
                claim_until=now,
            )
        )  # fmt: skip
        _draw(session, world, now, pool.id, number)


def _draw(session: Session, world: World, now: datetime, pool_id: UUID, number: int) -> None:
    """Open still, closed without a list, waiting for its value, entered by somebody else, entered by the reviewer."""
    people, state = world.people, DrawStatus
    status = (state.COMMITTED, state.COMMITTED, state.FROZEN, state.VALUED, state.VALUED)[number]
    is_frozen, is_valued = number > 1, number > 2
    closes_at = now + DAY if number == 0 else now - 3 * DAY
    session.add(
        Draw(
            id=ids.new_id(), pool_id=pool_id, union_id=world.unions.city, contest_id=ids.new_id(), name=f"抽{number}",
            status=status, terms={}, terms_hash="0", seed="0", seed_hash="0", salt_key="0", source="",
            due_on=now.date() - DAY, fallback_source="", fallback_on=now.date() + 9 * DAY, closes_at=closes_at,
            committed_at=now - 9 * DAY, frozen_at=closes_at if is_frozen else None,
            entrants=1 if is_frozen else None, entrants_hash="0" if is_frozen else None,
            value="1" if is_valued else None,
            entered_by_id=(people.admin.id if number == 3 else people.city_reviewer.id) if is_valued else None,
        )
    )  # fmt: skip


def _coverage(session: Session, world: World, now: datetime) -> None:
    """A headcount that nobody signed, and systems in every state."""
    period = CoveragePeriod(id=ids.new_id(), year=now.year, starts_on=day_of(now), ends_on=day_of(now))
    session.add(period)
    session.flush()
    shipyard = ancestors_of(session.get_one(Union, world.unions.shipyard))
    [fact] = read_facts(session, period, [world.unions.shipyard])
    session.add(CoverageFact(**fact))
    for position, (status, is_late) in enumerate([*((each, False) for each in HeldStatus), (HeldStatus.CHECKED, True)]):
        system = SafetySystem(
            id=ids.new_id(), city_id=world.unions.city, position=position, name=f"制度{position}", review_months=12,
            created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(system)
        session.flush()
        due_at = now - DAY if is_late else now + DAY
        is_in_place = status in (HeldStatus.STATED, HeldStatus.CHECKED)
        session.add(
            HeldSystem(
                id=ids.new_id(), system_id=system.id, checker_id=world.unions.seaside, status=status,
                reason="不全", next_review_on=day_of(due_at) if is_in_place else None,
                review_due_at=due_at if is_in_place else None, checked_at=now, updated_at=now,
                stated_at=None if status is HeldStatus.UNSTATED else now, **shipyard,
            )
        )  # fmt: skip
