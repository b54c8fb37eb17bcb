"""Which pages of the console a reviewer opens: every list, its filters, its search, a page deep in it, the pages of one
thing, figures."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench_parts.city import City
from server.activities.quiz.attempts.models import QuizStanding
from server.activities.quiz.levels.models import Quiz
from server.core import clock
from server.core.web import cursors
from server.oversight.letters.models import Letter
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.models import Status, Submission
from server.rewards.points.models import PointsTransfer
from server.unions.people.models import Person

MONTH = {"since": "2026-10-01", "until": "2026-10-31"}
PAST_MONTH = {"since": "2025-02-01", "until": "2025-02-28"}
LONG_AGO = timedelta(days=650)  # of two years
WORDS, TWO_WORDS, RARE_WORDS = "配电箱", "氧气瓶 西门", "不存在的话"
NAME, GIVEN_NAME, WHOLE_NAME, FAMILY, NOBODY = "王伟", "建国", "刘建国", "王", "龘靐"
MENU = (
    "map", "suggestions", "dispatch", "awards", "bulletins", "campaigns", "digests", "forms", "import", "jobs",
    "message-templates", "prizes", "prizes/wins", "questions", "quizzes", "quiz-signals", "screen", "templates",
    "help", "account",
)  # fmt: skip
"""Pages that are opened as they are; those that a reviewer may not open are left out."""


def pages_of(session: Session, city: City, scope: str) -> dict[str, str]:
    """What a reviewer of `scope` opens, by what it is called."""
    return {
        "home": "/console/",
        "bell": "/console/messages/latest",
        "messages": "/console/messages",
        **_submissions(session, city, scope),
        **_rectifications(session, city, scope),
        **_oversight(session, city, scope),
        **_people(session, city, scope),
        **_quiz(session, city, scope),
        **_figures(city, scope),
        **{name: f"/console/{name}" for name in MENU},
        "map, all places": "/console/map/places?status=all",
        "map, a few streets": _href("map/places", status="all", west=120.3, east=120.32, south=36.0, north=36.02),
        "suggestions, a month long ago": _href("suggestions", stage="all", **PAST_MONTH),
        "suggestions, made public": "/console/suggestions?stage=published",
        "suggestions, an earlier campaign": _href("suggestions", stage="all", campaign=city.earlier_id),
    }


def _href(path: str, **query: Any) -> str:
    return f"/console/{path}?{urlencode({name: value for name, value in query.items() if value is not None})}"


def _named(path: str, lists: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """A list and its filters, by what they are called."""
    return {f"{path}, {name}" if name else path: _href(path, **query) for name, query in lists.items()}


def _within(model: Any, city: City, scope: str) -> Any:
    return getattr(model, f"{scope}_id") == city.seats[scope]


def _id_at(moment: Any) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)


def _submissions(session: Session, city: City, scope: str) -> dict[str, str]:
    mine = _within(Submission, city, scope)
    number = session.scalar(select(func.max(Submission.number)).where(mine))
    accepted = select(Submission.id).where(mine, Submission.status == Status.ACCEPTED).order_by(Submission.id.desc())
    old = clock.now() - LONG_AGO
    queue: Mapping[str, Mapping[str, Any]] = {
        "": {},
        "all": {"status": "all"},
        "accepted": {"status": "accepted"},
        "a month": {"status": "all", "day_of": "sent", **MONTH},
        "a month long ago": {"status": "all", "day_of": "sent", **PAST_MONTH},
        "a category": {"status": "all", "category": city.categories[-1]},
        "an earlier campaign": {"status": "queued", "campaign": city.earlier_id},
        "an earlier campaign, all": {"status": "all", "campaign": city.earlier_id},
        "words": {"status": "all", "q": WORDS},
        "two words": {"status": "all", "q": TWO_WORDS},
        "words that nobody wrote": {"status": "all", "q": RARE_WORDS},
        "deep": {"after": cursors.encode(old, _id_at(old))},
        "all, deep": {"status": "all", "after": cursors.encode(_id_at(old))},
        "reversed": {"status": "all", "reverse": "true"},
    }
    return {
        **_named("queue", queue),
        "queue, a number": _href("queue", status="all", q=number),
        "item": f"/console/submissions/{session.scalar(accepted.limit(1))}",
        "search, a number": _href("search/hits", q=number),
        "search, words": _href("search/hits", q=WORDS),
        "search, nothing found": _href("search/hits", q=RARE_WORDS),
        "search, a name": _href("search/hits", q=NAME),
        "search, a phone": _href("search/hits", q="19900000777"),
        "search, an enterprise": _href("search/hits", q="示例0777"),
    }


def _rectifications(session: Session, city: City, scope: str) -> dict[str, str]:
    mine = (_within(Rectification, city, scope), Rectification.status == RectifyStatus.ACCEPTED)
    one = session.scalar(select(Rectification.id).where(*mine).order_by(Rectification.due_at).limit(1))
    number = session.scalar(
        select(Submission.number)
        .join(Rectification, Rectification.submission_id == Submission.id)
        .where(*mine)
        .order_by(Rectification.due_at.desc())
        .limit(1)
    )
    old = clock.now() - LONG_AGO
    lists: Mapping[str, Mapping[str, Any]] = {
        "": {},
        "overdue": {"status": "overdue"},
        "all": {"status": "all"},
        "deep": {"after": cursors.encode(old, _id_at(old))},
        "all, deep": {"status": "all", "after": cursors.encode(old, _id_at(old))},
        "a month": {"status": "all", "day_of": "opened", **MONTH},
        "a month long ago": {"status": "all", "day_of": "opened", **PAST_MONTH},
        "sent in a month long ago": {"status": "all", "day_of": "sent", **PAST_MONTH},
        "a category": {"status": "all", "category": city.categories[-1]},
        "an earlier campaign": {"campaign": city.earlier_id},
        "an earlier campaign, all": {"status": "all", "campaign": city.earlier_id},
        "words": {"status": "all", "q": WORDS},
        "a number": {"status": "all", "q": number},
        "to be answered": {"turn": "answer"},
        "reopened": {"reopened": "true"},
    }
    return {
        **_named("rectifications", lists),
        "rectification": f"/console/rectifications/{one}",
        "rechecks": "/console/rectifications/rechecks",
    }


def _oversight(session: Session, city: City, scope: str) -> dict[str, str]:
    letter = select(Letter.id).where(_within(Letter, city, scope)).order_by(Letter.id.desc()).limit(1)
    letters = session.scalars(select(Letter.id).order_by(Letter.id).limit(1).offset(1000)).first()
    transfers = session.scalars(select(PointsTransfer.id).order_by(PointsTransfer.id).limit(1).offset(20_000)).first()
    lists: Mapping[str, tuple[str, Mapping[str, Any]]] = {
        "dispatch, an earlier campaign": ("dispatch", {"campaign": city.earlier_id}),
        "dispatch, come here": ("dispatch", {"here": "true"}),
        "dispatch, a month": ("dispatch", MONTH),
        "dispatch, words": ("dispatch", {"q": WORDS}),
        "letters": ("letters", {}),
        "letters, withdrawn": ("letters", {"status": "withdrawn"}),
        "letters, overdue": ("letters", {"status": "overdue"}),
        "letters, a month": ("letters", MONTH),
        "letters, a month long ago": ("letters", PAST_MONTH),
        "letters, words": ("letters", {"q": "示例0777"}),
        "letters, deep": ("letters", {"after": cursors.encode(letters) if letters else None}),
        "points": ("points", {}),
        "points, an earlier campaign": ("points", {"campaign": city.earlier_id}),
        "points, a month": ("points", MONTH),
        "points, a month long ago": ("points", PAST_MONTH),
        "points, words": ("points", {"q": WORDS}),
        "points, deep": ("points", {"after": cursors.encode(transfers) if transfers else None}),
        "audit": ("audit", {}),
        "audit, an action": ("audit", {"action": "letter.issue"}),
        "audit, a name": ("audit", {"who": NAME}),
        "audit, a month": ("audit", MONTH),
        "audit, a month long ago": ("audit", PAST_MONTH),
    }
    return {
        **{name: _href(path, **query) for name, (path, query) in lists.items()},
        "letter": f"/console/letters/{session.scalar(letter)}",
    }


def _people(session: Session, city: City, scope: str) -> dict[str, str]:
    deep = session.scalars(select(Person.id).order_by(Person.id).limit(1).offset(50_000)).first()
    worker = session.scalars(select(Person.id).order_by(Person.id.desc()).limit(1)).first()
    lists: Mapping[str, Mapping[str, Any]] = {
        "": {},
        "a name": {"q": NAME},
        "a given name": {"q": GIVEN_NAME},
        "a whole name": {"q": WHOLE_NAME},
        "a family name": {"q": FAMILY},
        "a name that nobody has": {"q": NOBODY},
        "a phone": {"q": "19900000777"},
        "deep": {"after": cursors.encode(deep) if deep else None},
        "a month": MONTH,
        "reviewers": {"role": "town_reviewer"},
    }
    seat = city.seats[scope]
    return {
        **_named("people", lists),
        "person": f"/console/people/{worker}",
        "person, overview": f"/console/people/{worker}/overview",
        "unions": "/console/unions",
        "unions, a name": f"/console/unions?q={quote('示例0777')}",
        "union, overview": f"/console/unions/{seat}/overview",
        "enterprise, overview": f"/console/unions/{city.seats['enterprise']}/overview",
    }


def _quiz(session: Session, city: City, scope: str) -> dict[str, str]:
    quiz = session.scalars(select(Quiz.id).order_by(Quiz.closes_at.desc()).limit(1)).first()
    key = session.execute(
        select(QuizStanding.enterprise_id, QuizStanding.person_id)
        .where(QuizStanding.quiz_id == quiz)
        .order_by(QuizStanding.enterprise_id.desc())
        .limit(1)
        .offset(20_000)
    ).first()
    deep = cursors.encode(*key) if key else None
    return {
        "quiz figures": _href("quiz-figures", quiz=quiz),
        "quiz figures of the seat": _href("quiz-figures", quiz=quiz, union=city.seats[scope]),
        "quiz scores": _href("quiz-scores", quiz=quiz),
        "quiz scores, finished": _href("quiz-scores", quiz=quiz, progress="finished"),
        "quiz scores, on the way": _href("quiz-scores", quiz=quiz, progress="on_the_way"),
        "quiz scores, a name": _href("quiz-scores", quiz=quiz, q=NAME),
        "quiz scores, deep": _href("quiz-scores", quiz=quiz, after=deep),
        "absentees": _href("quiz-absentees", quiz=quiz),
        "absentees, a name": _href("quiz-absentees", quiz=quiz, q=NAME),
        "absentees, deep": _href("quiz-absentees", quiz=quiz, after=deep),
    }


def _figures(city: City, scope: str) -> dict[str, str]:
    return {
        "figures": "/console/figures",
        "figures, a year": _href("figures", since="2026-01-01", until="2026-12-31"),
        "figures, an earlier campaign": _href("figures", campaign=city.earlier_id),
    }
