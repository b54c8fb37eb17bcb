"""Scores of a run: of what was frozen and what people gave, by the engine; and the same again, to compare."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.oversight.assessment.engine.ranking import Contestant, Standing, rank_units
from server.oversight.assessment.engine.scoring import Entry, score_unit
from server.oversight.assessment.models import AssessedFigure, AssessedUnit, Assessment, Stage
from server.oversight.assessment.queries import Known, MarkRow, list_units, read_known, scheme_of
from server.oversight.assessment.schemas import Definition, ExpertItem, Item, Scorer, Source

OVER_THE_FIRST = (Stage.OBJECTION, Stage.SPOT)
BATCH = 500  # units whose marks are read together


def is_given_by_several(item: Item) -> bool:
    """Whether the values of several people count, by their mean."""
    return isinstance(item, ExpertItem) or item.scorer is Scorer.TWO_REVIEWERS


def entry_of(item: Item, figure: AssessedFigure | None, marks: Sequence[MarkRow]) -> Entry:
    """The value in force: of an objection, else of the spot check, else of the first check; of what the service counts,
    the figure. `marks` in their order."""
    for stage in OVER_THE_FIRST:
        later = [mark for mark in marks if mark.stage is stage]
        if later:
            return _entry(later[-1:])
    if item.source is Source.COMPUTED:
        if figure is None or figure.value is None:
            return Entry(is_applicable=False)
        return Entry((Decimal(figure.value),))
    first = [mark for mark in marks if mark.stage is Stage.FIRST]
    if is_given_by_several(item):
        return _entry(list({mark.by_id: mark for mark in first}.values()))
    return _entry(first[-1:])


def _entry(marks: Sequence[MarkRow]) -> Entry:
    values = tuple(Decimal(mark.value) for mark in marks if mark.value is not None)
    return Entry(values, is_applicable=not marks or any(mark.is_applicable for mark in marks))


def entries_of(scheme: Definition, known: Known, unit_id: UUID) -> dict[str, Entry]:
    """All values of a unit that are in force."""
    figures, marks = known.figures.get(unit_id, {}), known.marks.get(unit_id, {})
    return {item.key: entry_of(item, figures.get(item.key), marks.get(item.key, ())) for item in scheme.items()}


def self_scores(scheme: Definition, marks: Mapping[str, Sequence[MarkRow]]) -> dict[str, Decimal | None]:
    """What each item would come to by what the unit said; None of those that it does not report."""
    said = {key: [mark for mark in found if mark.stage is Stage.SELF] for key, found in marks.items()}
    result = score_unit(scheme, {key: _entry(found[-1:]) for key, found in said.items() if found})
    return {item.key: result.of(item.key).score if said.get(item.key) else None for item in scheme.items()}


def score_run(session: Session, run: Assessment) -> dict[UUID, Standing]:
    """Every unit's result and rank by what is known now."""
    scheme, units = scheme_of(session, run), list_contestants(session, run.id)
    contestants = []
    for start in range(0, len(units), BATCH):
        contestants += contestants_of(session, scheme, units[start : start + BATCH])
    return rank_units(scheme, contestants)


def list_contestants(session: Session, run_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Every unit of a run, and its group."""
    those = select(AssessedUnit.id, AssessedUnit.peer).where(AssessedUnit.assessment_id == run_id)
    return [(row.id, row.peer) for row in session.execute(those.order_by(AssessedUnit.id))]


def contestants_of(
    session: Session, scheme: Definition, units: Sequence[tuple[UUID, str]]
) -> list[Contestant[UUID]]:  # fmt: skip
    """What is in force of some units."""
    known = read_known(session, [unit_id for unit_id, _ in units])
    return [Contestant(unit_id, peer, entries_of(scheme, known, unit_id)) for unit_id, peer in units]


def sum_run(session: Session, run: Assessment) -> None:
    """Score every unit, keep it, and the hash of all of it."""
    keep_scores(session, run, score_run(session, run))


def keep_scores(session: Session, run: Assessment, standings: Mapping[UUID, Standing]) -> None:
    """Keep what every unit came to, and the hash of all of it."""
    results = {unit_id: kept(each) for unit_id, each in standings.items()}
    for unit in list_units(session, run.id):
        standing = standings[unit.id]
        unit.result, unit.rank, unit.band = results[unit.id], standing.rank, standing.result.band
        unit.total_hundredths = int(standing.result.total * 100)
    run.result_hash = hash_results(results)


def kept(standing: Standing) -> dict[str, Any]:
    """A result as it is kept: plain JSON, amounts as text."""
    result = standing.result
    return {
        "items": [
            {"key": each.key, "full": str(each.full), "score": str(each.score), "place": each.place,
             "is_applicable": each.is_applicable}
            for each in result.items
        ],
        "base": str(result.base), "bonus": str(result.bonus), "deduction": str(result.deduction),
        "total": str(result.total), "full": str(result.full), "vetoes": list(result.vetoes), "band": result.band,
        "rank": standing.rank, "peers": standing.peers, "percentile": standing.percentile,
    }  # fmt: skip


def hash_results(results: Mapping[UUID, Mapping[str, Any]]) -> str:
    """SHA-256 of every unit's result."""
    content = {str(unit_id): result for unit_id, result in results.items()}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A run computed again: how many units, and whose result is another than the one that is kept."""

    units: int
    different: tuple[UUID, ...]
    hash_agrees: bool

    @property
    def is_true(self) -> bool:
        return not self.different and self.hash_agrees


def compare_runs(session: Session, run_id: UUID | None = None) -> Iterator[tuple[str, bool]]:
    """Compute a run again, or every one that was summed: what to say of each, and whether it agrees."""
    statement = select(Assessment).where(Assessment.result_hash.is_not(None)).order_by(Assessment.id)
    for run in session.scalars(statement if run_id is None else statement.where(Assessment.id == run_id)):
        if run.is_rescoring:
            yield f"{run.id} {run.title}：正按采纳的异议重算，算好再核对。", False
            continue
        again = recompute(session, run)
        if again.is_true:
            yield f"{run.id} {run.title}：重算 {again.units} 家，和存下的一致。", True
        else:
            units = "、".join(map(str, again.different)) or "无"
            said = "一致" if again.hash_agrees else "不一致"
            yield f"{run.id} {run.title}：重算 {again.units} 家，结果不同的：{units}；校验值{said}。", False


def recompute(session: Session, run: Assessment) -> Recomputed:
    """Compute a run again of its frozen figures and of what people gave; change nothing."""
    again = {unit_id: kept(each) for unit_id, each in score_run(session, run).items()}
    stored = {unit.id: unit for unit in list_units(session, run.id)}
    different = [
        unit_id
        for unit_id, result in again.items()
        if stored[unit_id].result != result
        or stored[unit_id].rank != result["rank"]
        or stored[unit_id].total_hundredths != int(Decimal(result["total"]) * 100)
    ]
    return Recomputed(len(again), tuple(different), hash_results(again) == run.result_hash)
