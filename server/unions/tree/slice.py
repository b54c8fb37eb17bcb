"""The tree of unions."""

from server.core.slice import AuditWords, Slice
from server.unions.tree.events import UnionMoved

SLICE = Slice(
    audit=AuditWords(
        actions={
            "union.created": "新建工会",
            "union.updated": "修改工会",
            "union.activated": "启用工会",
            "union.deactivated": "停用工会",
            "union.traits_answered": "填写企业情况",
            "union.moved": "调整工会隶属",
            "union.invite_code_renewed": "更换邀请码",
            "union.private_viewed": "查看工会联系人",
        },
        subjects={"union": "工会"},
        details={
            "union": "工会",
            "union_id": "工会",
            "parent_id": "上级工会",
            "enterprise_id": "企业",
            "previous": "原来的",
            "has": "有",
            "has_not": "没有",
        },
    ),
    events=(UnionMoved,),
)
