"""Questions from a file: kept as a draft, shown with what is wrong in each row, then taken over: all of them, or the
good rows alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.activities.quiz.bank.actions import add_question, add_version, read_words
from server.activities.quiz.bank.formats.sheets import ReadQuestion, cells_of
from server.activities.quiz.bank.models import Question, QuestionImport, QuestionVersion
from server.activities.quiz.bank.schemas import CommitIn, KnownCodes, QuestionIn
from server.activities.quiz.bank.shipped.proofreading import SameStems
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.unions.actor import Actor

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A row of the file, what would become of it (new, changed, same, wrong), and what to look at."""

    number: int
    code: str | None
    stem: str
    words: QuestionIn | None
    outcome: str
    errors: tuple[str, ...]
    hints: tuple[str, ...]
    cells: Mapping[str, str]

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be taken over."""
        return bool(self.errors)


def create_import(session: Session, questions: Sequence[ReadQuestion], *, actor: Actor, now: datetime) -> UUID:
    """Keep what was read until it is confirmed. Drafts older than a day go."""
    session.execute(delete(QuestionImport).where(QuestionImport.created_at < now - KEPT))
    rows = [
        [
            one.number, one.code, one.stem, one.words.model_dump(mode="json") if one.words else None,
            list(one.errors), dict(one.cells),
        ]
        for one in questions
    ]  # fmt: skip
    draft = QuestionImport(
        id=ids.new_id(), person_id=actor.person_id, rows=rows, created_at=now, committed_at=None
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft.id


def get_import(session: Session, import_id: UUID, actor: Actor, *, lock: bool = False) -> QuestionImport:
    """One's own draft that waits. Raises NotFound."""
    statement = select(QuestionImport).where(
        QuestionImport.id == import_id, QuestionImport.person_id == actor.person_id
    )
    draft = session.scalar(statement.with_for_update() if lock else statement)
    if draft is None or draft.committed_at is not None:
        raise NotFound("这次导入已经完成或过期，请重新上传。", code="import_not_found")
    return draft


def plan_import(session: Session, draft: QuestionImport) -> list[PlannedQuestion]:
    """What the draft would do now, row by row."""
    known = _known_words(session)
    stems = SameStems((words.stem, code) for code, (_, words) in known.items())
    seen: set[str] = set()
    planned = []
    for number, code, stem, words_as_json, errors, *rest in draft.rows:  # drafts of before kept no cells
        words = QuestionIn.model_validate(words_as_json) if words_as_json else None
        if code and code in seen:
            errors = [*errors, f"编号：“{code}”在表里出现了两次"]
        seen.add(code or "")
        alike = [other for other in stems.find(stem) if other != code]
        hints = (f"和题库里的 {'、'.join(alike[:3])} 题干几乎相同",) if alike else ()
        stems.add(stem, code or f"第 {number} 行")
        outcome = "wrong" if errors else _outcome(known.get(code or ""), words)
        if outcome == "changed":
            hints = (f"题库里 {code} 现在是：{known[code][1].stem[:60]}", *hints)
        cells = rest[0] if rest and rest[0] else cells_of(code or "", words) if words else {"stem": stem}
        planned.append(PlannedQuestion(number, code, stem, words, outcome, tuple(errors), hints, cells))
    return planned


def _known_words(session: Session) -> dict[str, tuple[Question, QuestionIn]]:
    statement = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.number == Question.newest)
    )
    return {question.code: (question, read_words(version)) for question, version in session.execute(statement)}


def _outcome(known: tuple[Question, QuestionIn] | None, words: QuestionIn | None) -> str:
    if known is None:
        return "new"
    return "same" if known[1] == words else "changed"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows: new questions, newer words, and those that stay in the draft because they are wrong."""

    new: int
    changed: int
    left: int


def commit_import(session: Session, import_id: UUID, form: CommitIn, *, actor: Actor, now: datetime) -> Imported:
    """Take everything over, to wait for approval; the good rows alone where that is asked for. Raises Conflict,
    NotFound.

    `known_codes` says what becomes of questions whose number the bank has with other words; none is changed unasked.
    """
    known_codes = form.known_codes
    draft = get_import(session, import_id, actor, lock=True)
    everything = plan_import(session, draft)
    planned = [row for row in everything if not row.is_wrong]
    wrong = {row.number for row in everything if row.is_wrong}
    if wrong and not form.good_alone:
        raise Conflict("有的行还有错误，改好以后重新上传。", code="import_has_errors")
    if not planned:
        raise Conflict("没有可以导入的行。", code="nothing_to_import")
    if known_codes is None and any(row.outcome == "changed" for row in planned):
        raise Conflict("有的编号题库里已经有了，内容不同：请选择修改原题还是作为新题。", code="import_would_change")
    known = _known_words(session)
    counts = {"new": 0, "changed": 0, "same": 0}
    for row in planned:
        outcome = "new" if row.outcome == "changed" and known_codes is KnownCodes.ADD else row.outcome
        counts[outcome] += 1
        if row.words is None or outcome == "same":
            continue
        if outcome == "changed" and row.code:
            add_version(session, known[row.code][0], row.words, author_id=actor.person_id, now=now)
        else:
            code = row.code if row.code and row.outcome == "new" else f"own-{ids.new_id().hex[-12:]}"
            add_question(session, code, row.words, author_id=actor.person_id, now=now)
    draft.rows = [row for row in draft.rows if row[0] in wrong]
    draft.committed_at = None if wrong else now
    session.flush()
    record(
        session, "question.imported", subject_type="question_import", subject_id=draft.id, actor_id=actor.person_id,
        at=now, detail={**counts, "left_out": len(wrong)},
    )  # fmt: skip
    return Imported(counts["new"], counts["changed"], len(wrong))
