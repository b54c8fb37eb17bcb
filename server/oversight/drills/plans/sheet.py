"""Plans of many enterprises as a sheet. The list is exported under the same heads, so that it comes in again."""

from server.kit.enterprise_sheets import EnterpriseSheet
from server.oversight.drills.permissions import MAY_KEEP
from server.oversight.drills.plans.keeping import keep_row
from server.oversight.drills.schemas import PlanRow
from server.oversight.drills.texts import PLAN_NAMES
from server.unions.imports.sheets.workbook import Column

COLUMNS = (
    Column("kind", "预案种类", "专项应急预案", f"只能填：{'、'.join(PLAN_NAMES.values())}", required=True),
    Column("name", "预案名称", "火灾专项应急预案", "同一家企业同种类、同名称的是同一份：再导入就是更新", required=True),
    Column("accident", "针对的事故", "火灾", "综合预案不填"),
    Column("edition", "版本", "2026 年第 1 版", "可以不填"),
    Column("drawn_up_on", "编制日期", "2026-03-01", "发布施行的那一天", required=True, is_day=True),
    Column("filed_with", "备案部门", "区应急管理局", "没有备案的不填"),
    Column("filed_on", "备案日期", "2026-03-15", "和备案部门一起填", is_day=True),
    Column("revised_on", "修订日期", "", "最近一次修订，没有修订过的不填", is_day=True),
    Column("next_review_on", "下次评审", "2029-03-01", "打算哪天前评审", is_day=True),
    Column("tried_on", "以前演练", "2026-06-10", "最近一次没有记在系统里的演练，用来推算下次", is_day=True),
)
SHEET = EnterpriseSheet(
    title="导入应急预案",
    lead="一次登记、更新许多企业的预案。登记簿导出的表格改好了，可以直接再导入；空着的格子不改原来的。",
    path="/console/drills/plans/import",
    back=("/console/drills/plans", "应急预案"),
    taken="已收下 {} 份。",
    columns=COLUMNS,
    row=PlanRow,
    holders=MAY_KEEP,
    take=keep_row,
)
