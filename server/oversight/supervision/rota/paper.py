"""交叉督导分组表 as a sheet and on paper."""

from io import BytesIO

from server.core.sheets import Sheet, SheetColumn
from server.kit.documents.papers.layout import blank_document, grid, head, line
from server.oversight.supervision.models import Plan
from server.oversight.supervision.rota.planning import Line, Shown

HEADS = ("组别", "组长单位", "成员", "受检区市", "时间", "联络员")
COLUMNS: tuple[SheetColumn[Line], ...] = (
    SheetColumn("组别", lambda row: row.team_name, width=10),
    SheetColumn("组长单位", lambda row: row.lead_name, width=24),
    SheetColumn("成员", lambda row: row.members, width=40),
    SheetColumn("受检区市", lambda row: row.union_name, width=24),
    SheetColumn("时间", lambda row: row.days, width=20),
    SheetColumn("联络员", lambda row: row.liaison, width=24),
)


def rota_sheet(plan: Plan, shown: Shown) -> Sheet[Line]:
    """The table."""
    return Sheet("分组表", COLUMNS, shown.lines, heading=(title_of(plan),))


def title_of(plan: Plan) -> str:
    """What the table is called."""
    return f"{plan.title}交叉督导分组表"


def write_rota(plan: Plan, shown: Shown, issuer: str) -> BytesIO:
    """The table as a Word file."""
    document, content = blank_document(), BytesIO()
    head(document, title_of(plan))
    line(document, "")
    rows = [
        (each.team_name, each.lead_name, each.members, each.union_name, each.days, each.liaison) for each in shown.lines
    ]
    grid(document, HEADS, rows, (2, 4, 5, 4, 4, 4))
    line(document, "")
    line(document, issuer, right=True)
    document.save(content)
    content.seek(0)
    return content
