"""When the self-assessment ends: a row for each unit, what it said, and the indicators, counted and frozen. A batch at
a time, each exactly once; then the signals, which need all units."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Recipient
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.queries import answers_of
from server.core import ids
from server.kit.files.queries import list_files
from server.kit.indicators import Asked, Indicator, all_indicators
from server.kit.scope import ancestors_of, union_names
from server.kit.workflow import perform_held
from server.oversight.assessment.engine.signals import Others, is_bulk, same_files, same_texts, twice_used
from server.oversight.assessment.models import (
    AssessedFigure,
    AssessedUnit,
    Assessment,
    AssessmentMove,
    AssessmentStatus,
    Mark,
    Stage,
)
from server.oversight.assessment.queries import are_assessed, get_run, list_units, scheme_of, units_of
from server.oversight.assessment.running.self_forms import read_answers
from server.oversight.assessment.schemas import Definition, Item, Source
from server.oversight.assessment.workflow import ASSESSMENTS
from server.review.rectification.models import Rectification
from server.unions.tree.models import Union

BATCH = 20
SENT = "response_version"  # what files of an answer that was sent belong to


def count_some(session: Session, run_id: UUID, *, now: datetime) -> bool:
    """Take up the next BATCH units. Returns whether there may be more."""
    run = get_run(session, run_id, None, lock=True)
    if run.status is not AssessmentStatus.COUNTING or run.assignment_id is None:
        return False
    taken = select(AssessedUnit.recipient_id).where(AssessedUnit.assessment_id == run.id)
    rows = session.scalars(
        select(Recipient).where(*are_assessed(run), Recipient.id.not_in(taken)).order_by(Recipient.id).limit(BATCH)
    ).all()
    scheme, answers = scheme_of(session, run), answers_of(session, [row.id for row in rows])
    for row in rows:
        _take_up(session, run, scheme, row, answers.get(row.id), now)
    session.flush()
    if len(rows) == BATCH:
        return True
    _note_signals(session, run, scheme)
    perform_held(ASSESSMENTS, ASSESSMENTS.context(session, run, actor=None, now=now), AssessmentMove.COUNTED)
    return False


def _take_up(
    session: Session, run: Assessment, scheme: Definition, row: Recipient, answer: ResponseVersion | None, now: datetime
) -> None:
    union = session.get_one(Union, row.union_id)
    unit = AssessedUnit(
        id=ids.new_id(), assessment_id=run.id, union_id=row.union_id, recipient_id=row.id, version=1,
        response_id=answer.id if answer is not None else None, peer=peer_of(scheme, union),
        signals=list(_bulk_words(session, run, union)), **ancestors_of(row),
    )  # fmt: skip
    session.add(unit)
    session.flush()
    if answer is not None:
        for said in read_answers(scheme, answer.answers):
            value = None if said.value is None else str(said.value)
            session.add(
                Mark(
                    id=ids.new_id(), unit_id=unit.id, item=said.item.key, stage=Stage.SELF, value=value,
                    is_applicable=True, reason=said.words[:500], by_id=answer.submitted_by_id, at=answer.submitted_at,
                )
            )  # fmt: skip
    asked, known = Asked(union, run.campaign_id, run.since, run.until, now), all_indicators()
    for item in scheme.items():
        if item.source is Source.COMPUTED and item.indicator in known:
            session.add(_figure(session, unit.id, item, known[item.indicator], asked))


def _figure(session: Session, unit_id: UUID, item: Item, indicator: Indicator, asked: Asked) -> AssessedFigure:
    counted = indicator.count(session, asked)
    return AssessedFigure(
        unit_id=unit_id, item=item.key, indicator=indicator.key, source=indicator.source, name=indicator.name,
        meaning=indicator.meaning, value=None if counted.value is None else str(counted.value), over=counted.over,
        under=counted.under, href=counted.href, counted_at=asked.now,
    )  # fmt: skip


def peer_of(scheme: Definition, union: Union) -> str:
    """The first group that a unit fits into; empty where it fits into none."""
    for peers in scheme.peers:
        is_direct = union.district_id is None
        if (
            peers.level in (None, union.level)
            and (not peers.sizes or union.size in peers.sizes)
            and peers.is_direct in (None, is_direct)
        ):
            return peers.key
    return ""


def _note_signals(session: Session, run: Assessment, scheme: Definition) -> None:
    """What a person should look at, beside what was noted of each unit alone. It weighs nothing."""
    units = list_units(session, run.id)
    names = {key: each.name for key, each in union_names(session, {unit.union_id for unit in units}).items()}
    called = {unit.id: names[unit.union_id] for unit in units}
    labels = {item.key: item.label for item in scheme.items()}
    files = list_files(session, SENT, [unit.response_id for unit in units if unit.response_id is not None])
    hashes = {unit.id: [each.sha256 for each in files.get(unit.response_id, ())] for unit in units if unit.response_id}
    marks = session.execute(
        select(Mark.unit_id, Mark.item, Mark.reason).where(
            Mark.unit_id.in_(units_of(run)), Mark.stage == Stage.SELF, Mark.reason != ""
        )
    )
    texts: dict[UUID, dict[str, str]] = {}
    for mark in marks:
        texts.setdefault(mark.unit_id, {})[mark.item] = mark.reason
    shared, copied = same_files(hashes), same_texts(texts)
    for unit in units:
        found = []
        if unit.id in shared:
            files_shared, others = shared[unit.id]
            found.append(f"有 {files_shared} 个佐证文件和{_name_others(others, called)}的完全一样")
        found += [
            f"“{labels[item]}”的说明和{_name_others(others, called)}一字不差"
            for item, others in copied.get(unit.id, ())
        ]
        if twice := twice_used(hashes.get(unit.id, ())):
            found.append(f"有 {twice} 个佐证文件用在了不止一项上")
        if found:
            unit.signals = [*found, *unit.signals][:20]


def _name_others(others: Others[UUID], called: Mapping[UUID, str]) -> str:
    names = "、".join(called[each] for each in others.first)
    return names if others.count <= len(others.first) else f"{names}等 {others.count} 家"


def _bulk_words(session: Session, run: Assessment, union: Union) -> Sequence[str]:
    """Hazards that were mostly closed on the last day of the period."""
    period = Asked(union, run.campaign_id, run.since, run.until, run.updated_at)
    last = Asked(union, run.campaign_id, run.until, run.until, run.updated_at)
    counts = [
        session.scalar(
            select(func.count()).where(
                each.is_below(Rectification), each.is_within(Rectification.closed_at),
                each.is_of_campaign(Rectification.campaign_id),
            )
        ) or 0
        for each in (last, period)
    ]  # fmt: skip
    on_last_day, together = counts
    if not is_bulk(on_last_day, together):
        return ()
    share = Decimal(on_last_day * 100) / together
    return (f"本期销号的 {together} 条隐患里，{on_last_day} 条（{share:.0f}%）集中在最后一天",)
