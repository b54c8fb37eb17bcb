"""The draw that anybody can check."""

from server.core.slice import ERASED_NAME, AuditWords, PersonalRows, Slice, owned_by
from server.rewards.draws.models import DrawEntry

SLICE = Slice(
    audit=AuditWords(
        actions={
            "draw.cancel": "取消抽奖",
            "draw.commit": "公布抽奖",
            "draw.confirm_value": "核对开奖",
            "draw.declare_missing": "声明公开数值没有公布",
            "draw.enter_value": "录入公开数值",
            "draw.freeze": "定抽奖名单",
            "draw.reject_value": "退回公开数值",
        },
        subjects={"draw": "抽奖"},
    ),
    personal=(
        PersonalRows(
            model=DrawEntry,
            rows=owned_by(DrawEntry.person_id),
            title="抽奖名单",
            hidden=frozenset({"salt", "hash"}),
            blanked={"label": ERASED_NAME},
        ),
    ),
)
