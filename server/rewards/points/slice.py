"""The ledger of points."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.rewards.points.listing import POINTS
from server.rewards.points.models import PointsAccount, PointsTransfer
from server.rewards.points.panels import PERSON_PANEL, UNION_PANEL

SLICE = Slice(
    union_panels=(UNION_PANEL,),
    person_panels=(PERSON_PANEL,),
    lists=(POINTS,),
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            30,
            "积分",
            "coin",
            "/console/points",
            handbook="积分",
            hint="积分只由办理结果自动产生，错了只能冲正，不能改。",
        ),
    ),
    audit=AuditWords(
        actions={
            "points.credited": "积分入账",
            "points.taken_back": "积分冲正",
            "points.set_rule": "修改积分规则",
        },
        subjects={"points_transfer": "积分"},
        details={
            "amount": "数额",
            "round": "次数",
            "code": "代码",
            "before": "原来的",
            "after": "现在的",
        },
    ),
    personal=(
        PersonalRows(model=PointsAccount, rows=owned_by(PointsAccount.person_id), title="积分"),
        PersonalRows(model=PointsTransfer, rows=owned_by(PointsTransfer.person_id), title="积分明细", is_counted=True),
    ),
)
