"""The log of proposals: what a machine proposed, whether it was taken, what was decided.

About the machine: whoever asked or took it is not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, day_controls, union_control, within_days
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, scopes_of, union_choices
from server.review.decisions.workflow import label_of
from server.review.proposals.models import ProposalState, ReviewProposal
from server.review.proposals.permissions import MAY_READ
from server.review.submissions.models import Move, Submission
from server.unions.campaigns.queries import campaign_facts

TABLE = cast(Table, ReviewProposal.__table__)
MADE = TABLE.c.state == ProposalState.MADE
SAME = TABLE.c.grade == TABLE.c.decided_grade


class ProposalFilter(DatedFilter):
    """What to show, and of which days."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    union: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `decided` is empty while nothing is decided."""

    href: str
    number: str
    excerpt: str
    category_name: str
    asked_at: datetime
    proposed: str
    reply: str
    taken: str
    decided: str
    reply_text: str


def _scopes(asked: Request[ProposalFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[ProposalFilter]) -> list[ColumnElement[bool]]:
    return within_days(TABLE.c.asked_at, asked.filters)


def _controls(asked: Request[ProposalFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    return [union_control(choices), *day_controls(asked.filters, "请机器的日期")]


def _describe(asked: Request[ProposalFilter], rows: Sequence[Any]) -> list[Row]:
    columns = select(
        Submission.id, Submission.number, Submission.excerpt, Submission.category, Submission.campaign_id
    ).where(Submission.id.in_({row.submission_id for row in rows}))
    found = {each.id: each for each in asked.session.execute(columns)}
    return [_row(asked, row, found[row.submission_id]) for row in rows]


def _row(asked: Request[ProposalFilter], row: Any, submission: Any) -> Row:
    campaign = campaign_facts(asked.session, submission.campaign_id)

    def name(grade: int | None) -> str:
        return campaign.grades.get(grade, str(grade)) if grade is not None else ""

    decided = ""
    if row.decision is not None:
        decided = name(row.decided_grade) if row.decision is Move.ACCEPT else label_of(row.decision).label
    return Row(
        href=f"/console/submissions/{row.submission_id}",
        number=submission.number or "",
        excerpt=submission.excerpt,
        category_name=campaign.category_name(submission.category),
        asked_at=row.asked_at,
        proposed=row.fault or name(row.grade) or "没有拟等级",
        reply=row.reply,
        taken="填进过表单" if row.taken_at else "没有用",
        decided=decided,
        reply_text={True: "照用", False: "改过或没用", None: ""}[row.is_reply_kept],
    )


PROPOSALS: Listing[ProposalFilter, Row] = Listing(
    name="review_proposals",
    title="机器拟的和人定的",
    path="/console/proposals",
    filters=ProposalFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("", "全部"),
        Tab("taken", "填进过表单", ((TABLE.c.taken_at.is_not(None),),)),
        Tab("same", "等级一样", ((MADE, SAME),)),
        Tab(
            "other", "等级不一样", ((MADE, TABLE.c.decided_grade.is_not(None), TABLE.c.grade != TABLE.c.decided_grade),)
        ),
        Tab("failed", "没有拟成", ((TABLE.c.state == ProposalState.FAILED,),)),
    ),
    lacks={"search": "what a proposal was for is found in the queue"},
    sheet=(
        SheetColumn("编号", lambda row: row.number),
        SheetColumn("隐患", lambda row: row.excerpt, width=40),
        SheetColumn("类别", lambda row: row.category_name),
        SheetColumn("请机器的时间", lambda row: row.asked_at, CellKind.DAY),
        SheetColumn("机器拟的等级", lambda row: row.proposed, width=14),
        SheetColumn("机器拟的答复", lambda row: row.reply, width=50),
        SheetColumn("用没用", lambda row: row.taken, width=12),
        SheetColumn("人定的", lambda row: row.decided, width=12),
        SheetColumn("答复", lambda row: row.reply_text, width=12),
    ),
)
