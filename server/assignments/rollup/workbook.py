"""汇总表: every union that was asked with its numbers, then those of all together. Read some at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.forms.schemas import Definition, Field
from server.assignments.forms.showing.answer_cells import cell_of, head_of, kind_of_cells
from server.assignments.rollup.counting.accepted import Reported, Total, numbers_of, read_accepted, were_asked
from server.assignments.rollup.counting.adding_up import BATCH
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.kit.scope import union_names


@dataclass(frozen=True, slots=True)
class Unit:
    """A union that was asked. `answers`: those that were accepted last; None as long as there are none. `within`: the
    union above it whose accepted answer counts it already."""

    row: Recipient
    name: str
    answers: Mapping[str, Any] | None
    within: str


TOTALS: tuple[SheetColumn[Total], ...] = (
    SheetColumn("项目", lambda total: total.label, width=20),
    SheetColumn("合计", lambda total: total.text, width=14),
    SheetColumn("说明", lambda total: total.how + total.counted, width=60),
)


def accepted_sheets(
    session: Session, assignment: Assignment, form: Definition, reported: Reported, totals: Sequence[Total], title: str
) -> tuple[Sheet[Unit], Sheet[Total]]:
    """Both sheets."""
    columns: list[SheetColumn[Unit]] = [
        SheetColumn("单位", lambda unit: unit.name, width=30),
        SheetColumn("是否报送", lambda unit: "否" if unit.answers is None else "是", width=10),
        SheetColumn("报送时间", lambda unit: unit.row.submitted_at, CellKind.MOMENT),
        SheetColumn("退回次数", lambda unit: unit.row.return_count, CellKind.WHOLE),
        *(SheetColumn(head_of(each), _cell(each), kind_of_cells(each), width=14) for each in numbers_of(form)),
        SheetColumn("备注", lambda unit: f"已计入{unit.within}" if unit.within else "", width=20),
    ]
    units = _units(session, assignment, reported)
    return (
        Sheet("汇总表", columns, units, heading=(title,), is_numbered=True),
        Sheet("合计", TOTALS, totals, heading=(title,)),
    )


def _cell(asked: Field) -> Callable[[Unit], object]:
    return lambda unit: cell_of(asked, unit.answers.get(asked.key)) if unit.answers is not None else ""


def _units(session: Session, assignment: Assignment, reported: Reported) -> Iterator[Unit]:
    ids = session.scalars(select(Recipient.id).where(*were_asked(assignment)).order_by(Recipient.id)).all()
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        rows = session.scalars(select(Recipient).where(Recipient.id.in_(some)).order_by(Recipient.id)).all()
        answers = {each.recipient_id: each.answers for each in read_accepted(session, reported, some)}
        above = {reported.within[each] for each in some if each in reported.within}
        names = {key: each.name for key, each in union_names(session, {row.union_id for row in rows} | above).items()}
        for row in rows:
            within = names[reported.within[row.id]] if row.id in reported.within else ""
            yield Unit(row, names[row.union_id], answers.get(row.id), within)
