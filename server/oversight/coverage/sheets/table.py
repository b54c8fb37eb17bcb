"""培训覆盖情况统计表."""

from datetime import datetime

from server.core.clock import in_shanghai
from server.core.sheets import CellKind, Sheet, SheetColumn
from server.oversight.coverage.counting.rules import Part
from server.oversight.coverage.queries import Coverage, CoverageTable, Period
from server.oversight.coverage.texts import DEFINITIONS, PART_NAMES, rate

TITLE = "培训覆盖情况统计表"


def table_sheet(
    table: CoverageTable, union_name: str, period: Period, by: Part, flags: str, now: datetime
) -> Sheet[Coverage]:
    """The table with what its figures mean; the total is our own, for rates are never added up."""
    what = f"单位：{union_name}　时段：{period.name}（{period.starts_on} 至 {period.ends_on}）"
    return Sheet(
        TITLE,
        _columns(by),
        [*table.lines, table.total],
        heading=(
            TITLE,
            f"{what}　范围：{flags or '全部企业'}　截至 {in_shanghai(now):%Y-%m-%d %H:%M}",
            f"职工数没有签认的企业 {table.total.counts['unsigned']} 家，按组织信息里的职工人数计。",
            *DEFINITIONS,
        ),
    )


def _columns(by: Part) -> tuple[SheetColumn[Coverage], ...]:
    def count(head: str, name: str) -> SheetColumn[Coverage]:
        return SheetColumn(head, lambda line: line.counts[name], CellKind.WHOLE)

    def share(part: str, whole: str) -> SheetColumn[Coverage]:
        return SheetColumn("覆盖率", lambda line: rate(line.counts[part], line.counts[whole]), width=10)

    return (
        SheetColumn("区市" if by is Part.ALL else PART_NAMES[by], lambda line: line.name, width=24),
        count("企业数", "enterprises"),
        count("应训负责人", "officers_required"),
        count("已训", "officers_attended"),
        count("有负责人参训的企业", "officers_covered"),
        share("officers_covered", "enterprises"),
        count("无负责人信息", "officers_unnamed"),
        count("职工数", "headcount"),
        count("其中劳务派遣", "dispatched"),
        count("其中长期承包商", "contractors"),
        count("已训", "attended"),
        share("attended", "headcount"),
        count("班组数", "teams"),
        count("已演练", "teams_drilled"),
        share("teams_drilled", "teams"),
        count("应急预案", "plans"),
        count("已演练预案", "plans_drilled"),
        share("plans_drilled", "plans"),
        count("系统内职工", "roster"),
        count("其中已训（实名）", "named"),
        count("名单外参训", "unnamed"),
    )
