"""The roster, the payment list and its sums, and the summary over all schemes as Excel sheets."""

from collections.abc import Callable, Sequence
from typing import Any

from server.core.sheets import CellKind, Sheet, SheetColumn
from server.oversight.awards.models import EntryStatus
from server.oversight.awards.payments.results import AMOUNT, KEY, NAME, REASON, RESULT, VOUCHER
from server.oversight.awards.payments.roster import PaymentLine, PaymentSum
from server.oversight.awards.payments.summary import BatchGiven, Given, Summary
from server.oversight.awards.queries import BatchPage, Candidate
from server.oversight.awards.texts import KIND_TEXTS, STATUS_WORDS

COLUMNS: tuple[SheetColumn[Candidate], ...] = (
    SheetColumn("名次", lambda each: each.entry.rank or each.entry.place, CellKind.WHOLE),
    SheetColumn("姓名或单位", lambda each: each.name, width=24),
    SheetColumn("所在单位", lambda each: each.enterprise_name, width=28),
    SheetColumn("编号", lambda each: each.number),
    SheetColumn("事由", lambda each: each.entry.merit, width=40),
    SheetColumn("金额（元）", lambda each: each.entry.amount_cents, CellKind.MONEY, is_summed=True),
    SheetColumn("发放方式", lambda each: each.payment.method if each.payment else None, width=12),
    SheetColumn("凭证号", lambda each: each.payment.voucher if each.payment else None),
    SheetColumn("发放时间", lambda each: each.payment.paid_at if each.payment else None, CellKind.DAY),
    SheetColumn("本人确认", lambda each: "已确认" if each.payment and each.payment.received_at else None, width=10),
)


def sheet_of(page: BatchPage) -> Sheet[Candidate]:
    """Whoever stands on the list."""
    return Sheet("名单", COLUMNS, [each for each in page.candidates if each.entry.status is EntryStatus.LISTED])


PAYMENT_COLUMNS: tuple[SheetColumn[PaymentLine], ...] = (
    SheetColumn(NAME, lambda line: line.name, width=20),
    SheetColumn("手机", lambda line: line.phone, width=14),
    SheetColumn("所在单位", lambda line: line.enterprise_name, width=28),
    SheetColumn("收款账号", lambda _: "", width=26),  # asked for when it is paid: we keep nobody's account
    SheetColumn(AMOUNT, lambda line: line.entry.amount_cents, CellKind.MONEY, is_summed=True),
    SheetColumn("签名", lambda _: "", width=14),
    SheetColumn(RESULT, lambda line: "成功" if line.payment else "失败" if line.entry.payment_failure else ""),
    SheetColumn(REASON, lambda line: line.entry.payment_failure, width=20),
    SheetColumn(VOUCHER, lambda line: line.payment.voucher if line.payment else None),
    SheetColumn(KEY, lambda line: str(line.entry.id), width=38),
)
SUM_COLUMNS: tuple[SheetColumn[PaymentSum], ...] = (
    SheetColumn("单位", lambda each: each.union_name, width=28),
    SheetColumn("区市", lambda each: each.district_name, width=14),
    SheetColumn("份数", lambda each: each.people, CellKind.WHOLE, is_summed=True),
    SheetColumn("金额（元）", lambda each: each.amount_cents, CellKind.MONEY, is_summed=True),
    SheetColumn("已发份数", lambda each: each.paid, CellKind.WHOLE, is_summed=True),
    SheetColumn("已发金额（元）", lambda each: each.paid_cents, CellKind.MONEY, is_summed=True),
)


def payment_sheets(
    page: BatchPage, lines: Sequence[PaymentLine], sums: Sequence[PaymentSum]
) -> tuple[Sheet[PaymentLine], Sheet[PaymentSum]]:
    """The list to pay by and to sign, which comes back with the results; and its sums by union."""
    heading = (f"{page.batch.name}发放清单", f"{page.union_name} · {page.scheme.name}")
    return (
        Sheet("发放清单", PAYMENT_COLUMNS, lines, heading=heading, is_numbered=True),
        Sheet("按单位汇总", SUM_COLUMNS, sums, heading=(f"{page.batch.name}按单位汇总",)),
    )


def _given(head: str) -> tuple[SheetColumn[Given], ...]:
    return (SheetColumn(head, lambda each: each.name, width=30), *_sums_of(lambda each: each))


def _sums_of(given: Callable[[Any], Given]) -> tuple[SheetColumn[Any], ...]:
    return (
        SheetColumn("隐患（件）", lambda each: given(each).hazards, CellKind.WHOLE, is_summed=True),
        SheetColumn("份数", lambda each: given(each).people, CellKind.WHOLE, is_summed=True),
        SheetColumn("金额（元）", lambda each: given(each).amount_cents, CellKind.MONEY, is_summed=True),
        SheetColumn("已发份数", lambda each: given(each).paid, CellKind.WHOLE, is_summed=True),
        SheetColumn("已发金额（元）", lambda each: given(each).paid_cents, CellKind.MONEY, is_summed=True),
        SheetColumn("发放失败", lambda each: given(each).failed, CellKind.WHOLE, is_summed=True),
        SheetColumn("本人确认", lambda each: given(each).received, CellKind.WHOLE, is_summed=True),
    )


BATCH_COLUMNS: tuple[SheetColumn[BatchGiven], ...] = (
    SheetColumn("工会", lambda each: each.union_name, width=24),
    SheetColumn("方案", lambda each: each.scheme.name, width=24),
    SheetColumn("批次", lambda each: each.batch.name, width=28),
    SheetColumn("对象", lambda each: KIND_TEXTS[each.scheme.kind], width=12),
    SheetColumn("状态", lambda each: STATUS_WORDS[each.batch.status], width=12),
    SheetColumn("公示日期", lambda each: each.batch.published_at, CellKind.DAY),
    SheetColumn("名额", lambda each: each.batch.quota, CellKind.WHOLE, is_summed=True),
    *_sums_of(lambda each: each.given),
)


def summary_sheets(summary: Summary, when: str) -> tuple[Sheet[BatchGiven], Sheet[Given], Sheet[Given]]:
    """The summary over all schemes."""
    return (
        Sheet("按方案和批次", BATCH_COLUMNS, summary.batches, heading=(f"评奖汇总（{when}）",), is_numbered=True),
        Sheet("按区市", _given("区市"), summary.districts, heading=(f"评奖按区市汇总（{when}）",)),
        Sheet("按隐患等级", _given("等级"), summary.grades, heading=(f"评奖按隐患等级汇总（{when}）",)),
    )
