"""What the higher wings keep beside a million submissions: points, what is late, letters, a quiz, messages, the log,
counts by day. Made up, so that every list has something to leave out and something deep."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.orm import Session

from bench_parts.city import City, Place
from bench_parts.papers import attempts, bests, make_papers, stored_papers
from bench_parts.seeding import Row, id_at, load
from bench_parts.sizes import Size
from server.activities.quiz.attempts.models import Attempt, QuizBest, QuizPaper, QuizStanding
from server.activities.quiz.levels.models import Opening, Quiz, QuizLevel
from server.activities.suggestions.models import ImplementationStatus, PlanStep, Suggestion
from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.clock import in_shanghai
from server.core.db import Database
from server.notifications.inbox.models import InboxMessage
from server.oversight.letters.models import Letter, LetterKind, LetterStatus
from server.reports.rollups.models import FigureChange, FigureDay
from server.reports.rollups.rules import MEASURES, Part
from server.review.escalation.models import Escalation, Overdue, OverdueKind
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.models import Kind, Status, Submission
from server.rewards.points.models import AccountKind, PointsAccount, PointsTransfer
from server.unions.campaigns.models import Campaign
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.rules import ANCESTOR_COLUMNS

LEVELS = 10  # of the quiz
FINISHED = 0.3  # of those who take part, who are half of the people
AT_DESK = 20_000  # messages in the bell of each reviewer
SOME_DAYS = 50  # of a town or an enterprise
SMALL = 100_000  # submissions below which no day is full
INDUSTRIES = 10
FLAG_CUTS = 4
ITEM = (*ANCESTOR_COLUMNS, "campaign_id", "category", "grade", "excerpt", "place", "due_at")


def furnish(database: Database, city: City, size: Size, now: datetime) -> None:
    """Write all of it, in proportion to the submissions."""
    count, span = size.submissions, size.span
    chance = random.Random(count + 1)
    _load(database, PointsTransfer, _transfers(database, _open_accounts(database, city), chance))
    late = list(_late(database, city, now))
    _load(database, Overdue, iter(late))
    _load(database, Escalation, (_step(row) for row in late if row["step"]))
    adopted = list(_suggestions(database))
    _load(database, Suggestion, iter(adopted))
    _load(database, PlanStep, _steps(adopted, now))
    _count_steps(database)
    _load(database, Letter, _letters(city, count // 10, span, chance, now))
    _play(database, city, size, chance, now)
    _load(database, InboxMessage, _messages(city, count // 3, span, chance, now))
    _load(database, AuditEntry, _log(city, int(count * size.log), span, chance, now))
    _load(database, FigureDay, _figures(city, size, in_shanghai(now).date()))
    with database.transaction() as session:
        session.execute(delete(FigureChange))


def _load(database: Database, model: Any, rows: Iterator[Row]) -> None:
    load(database, cast(Table, model.__table__), rows)


def _walk(session: Session, model: Any, *conditions: Any) -> Iterator[Mapping[str, Any]]:
    rows = session.execute(select(model.__table__).where(*conditions).order_by(model.id))
    return (dict(row) for row in rows.yield_per(10_000).mappings())


# --- points and what is late ------------------------------------------------------------------------------------------


def _open_accounts(database: Database, city: City) -> dict[UUID, UUID]:
    """The accounts of the two campaigns, and of the workers, by whose they are."""
    with database.transaction() as session:
        owners = {worker.id: ids.new_id() for worker in city.workers}
        session.add_all(PointsAccount(id=own, kind=AccountKind.PERSON, person_id=each) for each, own in owners.items())
        return owners | {each: _issue_account(session, each) for each in (city.campaign_id, city.earlier_id)}


def _transfers(database: Database, accounts: Mapping[UUID, UUID], chance: random.Random) -> Iterator[Row]:
    """One for each acceptance, in the order of the acceptances."""
    with database.reading() as session:
        for row in _walk(session, Submission, Submission.status == Status.ACCEPTED):
            yield {
                "id": id_at(row["decided_at"], chance),
                "source": f"hazard.accepted:{row['id']}",
                "round": 1,
                "from_account_id": accounts[row["campaign_id"]],
                "to_account_id": accounts[row["reporter_id"]],
                "amount": 5,
                "reason": "一般隐患被受理",
                "campaign_id": row["campaign_id"],
                "person_id": row["reporter_id"],
                "submission_id": row["id"],
                "town_id": row["town_id"],  # as PostgreSQL's trigger would
                "at": row["decided_at"],
            }


def _issue_account(session: Session, campaign_id: UUID) -> UUID:
    known = session.scalar(select(PointsAccount.id).where(PointsAccount.campaign_id == campaign_id))
    if known is not None:
        return known
    account = PointsAccount(id=ids.new_id(), kind=AccountKind.ISSUE, campaign_id=campaign_id)
    session.add(account)
    return account.id


def _late(database: Database, city: City, now: datetime) -> Iterator[Row]:
    """All that is past its deadline: what waits for an answer, and what is being put right."""
    with database.reading() as session:
        waiting = _walk(session, Submission, Submission.status == Status.QUEUED, Submission.due_at < now)
        for number, row in enumerate(waiting):
            yield _overdue(city, OverdueKind.SUBMISSION, row, row["id"], row["routed_union_id"], number, now)
        running = _walk(
            session, Rectification, Rectification.status == RectifyStatus.ACCEPTED, Rectification.due_at < now
        )
        for number, row in enumerate(running):
            yield _overdue(city, OverdueKind.RECTIFICATION, row, row["submission_id"], row["addressee_id"], number, now)


def _overdue(
    city: City, kind: OverdueKind, row: Mapping[str, Any], submission_id: UUID, responsible: UUID, number: int,
    now: datetime,
) -> Row:  # fmt: skip
    steps = ((0, None), (1, row["district_id"] or city.seats["city"]), (2, city.seats["city"]))
    step, climbed_to = steps[number % len(steps)]
    return {name: row[name] for name in ITEM} | {
        "id": ids.new_id(),
        "kind": kind,
        "item_id": row["id"],
        "submission_id": submission_id,
        "responsible_id": responsible,
        "step": step,
        "climbed_to_id": climbed_to,
        "opened_at": now,
    }


def _step(row: Row) -> Row:
    union_id, at = row["climbed_to_id"], row["opened_at"]
    return {"id": ids.new_id(), "overdue_id": row["id"], "step": row["step"], "union_id": union_id, "at": at}


def _suggestions(database: Database) -> Iterator[Row]:
    """What only suggestions have; every twentieth was carried out and made public."""
    with database.reading() as session:
        for number, row in enumerate(_walk(session, Submission, Submission.kind == Kind.SUGGESTION)):
            is_confirmed = number % 20 == 0 and row["status"] is Status.ACCEPTED
            yield {
                "submission_id": row["id"],
                "title": row["excerpt"],
                "present_state": "",
                "proposal": "装一个蜂鸣器。",
                "benefit": "",
                "risk": "",
                "may_publish": True,
                "status": ImplementationStatus.CONFIRMED if is_confirmed else ImplementationStatus.PENDING,
                "version": 1,
                "confirmed_at": row["decided_at"] if is_confirmed else None,
                "confirmed_by_id": row["reporter_id"] if is_confirmed else None,
                "published_at": row["decided_at"] if is_confirmed else None,
                "supporters": 0,
                "steps": 0,
                "open_steps": 0,
            }


def _steps(adopted: Sequence[Row], now: datetime) -> Iterator[Row]:
    """Two for every other."""
    for row, number in product(adopted[::2], (1, 2)):
        yield {
            "id": ids.new_id(),
            "submission_id": row["submission_id"],
            "what": f"第 {number} 步",
            "owner": "测试人",
            "due_on": in_shanghai(now).date(),
            "done_on": in_shanghai(now).date() if row["confirmed_at"] else None,
            "created_at": now,
        }


def _count_steps(database: Database) -> None:
    """Say with each suggestion how many steps its plan has, as the moves do."""
    of_it = select(func.count()).where(PlanStep.submission_id == Suggestion.submission_id)
    is_open = of_it.where(PlanStep.done_on.is_(None))
    with database.transaction() as session:
        session.execute(update(Suggestion).values(steps=of_it.scalar_subquery(), open_steps=is_open.scalar_subquery()))


# --- letters ----------------------------------------------------------------------------------------------------------


def _letters(city: City, count: int, span: timedelta, chance: random.Random, now: datetime) -> Iterator[Row]:
    enterprises = [place for place in city.places if place.level is Level.ENTERPRISE]
    statuses = (LetterStatus.REPLIED, LetterStatus.ISSUED, LetterStatus.DRAFT, LetterStatus.WITHDRAWN)
    for number in range(count):
        [status] = chance.choices(statuses, weights=(80, 15, 3, 2))
        moment = now - span * ((count - number) / count)
        yield {"id": id_at(moment, chance), **_letter(city, chance.choice(enterprises), status, number, moment)}


def _letter(city: City, place: Place, status: LetterStatus, number: int, moment: datetime) -> Row:
    is_issued, is_replied = status is not LetterStatus.DRAFT, status is LetterStatus.REPLIED
    day = in_shanghai(moment).date()
    issued = {
        "year": day.year, "number": number + 1, "issued_by_id": city.desks["city"], "issued_at": moment,
        "due_at": moment + timedelta(days=15), "due_on": day + timedelta(days=15),
    }  # fmt: skip
    reply = {"reply": "已整改。", "replied_by": "测试人", "replied_on": day + timedelta(days=9), "is_paper": True}
    withdrawn = {"withdrawn_at": moment, "withdrawn_reason": "重复"}
    return {
        **{column: getattr(place, column) for column in ANCESTOR_COLUMNS},
        "kind": LetterKind.NOTICE,
        "status": status,
        "version": 1,
        "issuer_id": (place.district_id or city.seats["city"]) if number % 2 else city.seats["city"],
        "issuer_name": "测试工会",
        "addressee_id": place.id,
        "addressee_name": f"测试示例{number % 2000:04}有限公司",
        "mark": "测工提",
        "subject": "关于消除事故隐患的提示函",
        "body": "请在期限内整改。",
        "reply_days": 10,
        "drafted_by_id": city.desks["city"],
        "created_at": moment,
        "updated_at": moment,
        **(issued if is_issued else {}),
        **(reply if is_replied else {}),
        **(withdrawn if status is LetterStatus.WITHDRAWN else {}),
    }


# --- the quiz ---------------------------------------------------------------------------------------------------------


def _play(database: Database, city: City, size: Size, chance: random.Random, now: datetime) -> None:
    quiz_id = _open_quiz(database, city, now)
    _load(database, QuizStanding, _standings(database, quiz_id, chance, now))
    with database.transaction() as session:
        papers = make_papers(session, size.questions, chance, now)
    with database.reading() as session:
        _load(database, Attempt, attempts(session, quiz_id, papers, chance, now))
    with database.reading() as session:
        _load(database, QuizPaper, stored_papers(session, quiz_id, papers))
    with database.reading() as session:
        _load(database, QuizBest, bests(session, quiz_id))


def _open_quiz(database: Database, city: City, now: datetime) -> UUID:
    quiz_id = ids.new_id()
    with database.transaction() as session:
        session.execute(update(Campaign).where(Campaign.id == city.campaign_id).values(lists_absentees=True))
        session.add(
            Quiz(
                id=quiz_id, campaign_id=city.campaign_id, name="测试竞赛", rules="", opens_at=now - timedelta(days=30),
                closes_at=now + timedelta(days=365), opening=Opening.BY_PASSING, published_at=now, created_at=now,
            )
        )  # fmt: skip
        session.flush()
        session.add_all(
            QuizLevel(
                quiz_id=quiz_id, number=number, name=f"第 {number} 关", seconds=600, pass_mark=60, tries_per_day=3,
                quotas=[{"count": 10}],
            )
            for number in range(1, LEVELS + 1)
        )  # fmt: skip
    return quiz_id


def _standings(database: Database, quiz_id: UUID, chance: random.Random, now: datetime) -> Iterator[Row]:
    """Of every other of those who are bound somewhere; half of them want to be on the leaderboard."""
    with database.reading() as session:
        for number, row in enumerate(_walk(session, Person, Person.enterprise_id.is_not(None))):
            if number % 2:
                continue
            passed = LEVELS if chance.random() < FINISHED else chance.randrange(LEVELS)
            yield {
                "person_id": row["id"],
                "quiz_id": quiz_id,
                "enterprise_id": row["enterprise_id"],
                "score": 80 * passed + 50,
                "duration_ms": chance.randrange(100_000, 900_000),
                "levels_passed": passed,
                "finished_at": now if passed == LEVELS else None,
                "is_listed": number % 4 == 0,
                "updated_at": now,
            }


# --- messages, the log, counts ----------------------------------------------------------------------------------------


def _messages(city: City, count: int, span: timedelta, chance: random.Random, now: datetime) -> Iterator[Row]:
    """To workers, and to reviewers at their desks, who have read all but the newest fiftieth."""
    desks = list(city.desks.values())
    for number in range(count):
        moment = now - span * ((count - number) / count)
        is_of_desk = number % max(count // (AT_DESK * len(desks)), 2) == 0
        is_read = number < count * 0.98
        yield {
            "id": id_at(moment, chance),
            "person_id": desks[chance.randrange(len(desks))] if is_of_desk else chance.choice(city.workers).id,
            "key": f"bench:{number}",
            "title": "有一条隐患等审核",
            "body": "请在期限内办理。",
            "desk": "/console/queue" if is_of_desk else None,
            "created_at": moment,
            "read_at": moment if is_read else None,
        }


def _log(city: City, count: int, span: timedelta, chance: random.Random, now: datetime) -> Iterator[Row]:
    actions = ("submission.accept", "submission.decline", "person.private_viewed", "session.started", "letter.issue")
    desks = list(city.desks.values())
    for number in range(count):
        moment = now - span * ((count - number) / count)
        yield {
            "id": id_at(moment, chance),
            "at": moment,
            "action": chance.choices(actions, weights=(60, 30, 5, 4, 1))[0],
            "actor_id": chance.choice(desks),
            "subject_type": "person",
            "subject_id": str(chance.choice(city.workers).id),
            "detail": {},
            "request_id": "",
            "address": "",
        }


def _figures(city: City, size: Size, today: date) -> Iterator[Row]:
    """Of the city and its districts every day, category, grade and industry has some, under all cuts; below a town or
    an enterprise some days, in all and by grade."""
    grades = [(Part.GRADE, str(grade)) for grade in range(1, 5)]
    some = [(Part.ALL, ""), *grades]
    every = [
        *some,
        *((Part.CATEGORY, category) for category in city.categories),
        *((Part.INDUSTRY, f"行业{number}") for number in range(INDUSTRIES)),
    ]
    numbers = dict.fromkeys(MEASURES, 1)
    for place in city.places:
        is_wide = place.level in (Level.CITY, Level.DISTRICT)
        step = max(size.days // max(SOME_DAYS * size.submissions // 1_000_000, 1), 1)
        days = range(size.days) if is_wide and size.submissions > SMALL else range(0, size.days, step)
        cuts, parts = (range(FLAG_CUTS), every) if is_wide else (range(1), some)
        for age, flags, (part, key) in product(days, cuts, parts):
            yield {
                "union_id": place.id,
                "flags": flags,
                "part": part,
                "day": today - timedelta(days=age),
                "key": key,
                "campaign_id": city.campaign_id if age < size.days * 0.95 else city.earlier_id,
                **numbers,
            }
