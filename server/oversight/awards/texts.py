"""Words of awards, as reviewers read them."""

from server.oversight.awards.models import BatchStatus, EntryStatus, SchemeKind
from server.oversight.awards.schemas import Wait

KIND_TEXTS = {SchemeKind.WORKER: "奖励职工", SchemeKind.UNIT: "奖励单位", SchemeKind.ORGANISER: "奖励组织者"}
STATUS_WORDS = {
    BatchStatus.DRAFT: "待计算",
    BatchStatus.COMPUTED: "已计算",
    BatchStatus.SCORING: "评分中",
    BatchStatus.PUBLISHED: "公示中",
    BatchStatus.FINAL: "已确定",
    BatchStatus.PAID: "已发放",
    BatchStatus.CANCELLED: "已取消",
}
WAIT_TEXTS = {
    Wait.PUBLISH: "算好了名单，等核对公示",
    Wait.OBJECTIONS: "有异议要答复",
    Wait.FINALISE: "公示到期，等确定名单",
    Wait.PAY: "等发放",
}
ENTRY_TEXTS = {
    EntryStatus.LISTED: "入选",
    EntryStatus.RESERVE: "候补",
    EntryStatus.EXCLUDED: "不符合",
    EntryStatus.REMOVED: "已移出",
}


def yuan(cents: int) -> str:
    """500.00 元."""
    return f"{cents / 100:,.2f} 元"
