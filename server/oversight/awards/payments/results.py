"""What the bank did with a payment list: the sheet comes back, each row with 成功 or 失败.

A row is matched by its key, never by name; name and amount only have to agree with it, so that a sheet whose columns
were sorted apart pays nobody. Read again, a sheet changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import AppError
from server.core.text import fold
from server.kit.workflow import MoveContext, find_refusal, perform_held
from server.oversight.awards.batches.entries import OnEntry
from server.oversight.awards.models import AwardBatch, BatchMove, BatchStatus
from server.oversight.awards.payments.roster import PaymentLine
from server.oversight.awards.schemas import MAX_VOUCHER, PaymentIn, ResultsIn
from server.oversight.awards.workflow import BATCHES
from server.unions.imports.plans.reports import Outcome, Report, RowReport
from server.unions.imports.sheets.workbook import Column, RawRow

KEY, NAME, AMOUNT, RESULT, REASON, VOUCHER = "核对码", "姓名或单位", "金额（元）", "发放结果", "失败原因", "凭证号"
COLUMNS = (
    Column("number", "序号", "1", ""),
    Column("name", NAME, "", "", required=True),
    Column("phone", "手机", "", ""),
    Column("enterprise", "所在单位", "", ""),
    Column("account", "收款账号", "", ""),
    Column("amount", AMOUNT, "", "", required=True),
    Column("signature", "签名", "", ""),
    Column("result", RESULT, "成功", "成功、失败", required=True),
    Column("reason", REASON, "", ""),
    Column("voucher", VOUCHER, "", ""),
    Column("key", KEY, "", "", required=True),
)
PAID = frozenset({"成功", "发放成功", "交易成功", "已发放", "已发"})
FAILED = frozenset({"失败", "发放失败", "交易失败", "退回", "未成功"})
MAX_REASON = 200  # characters
MAX_YUAN = 10**12  # what is more is no amount, and may be too much to count with
OUTCOMES = {Outcome.NEW: "登记发放", Outcome.CHANGED: "记下失败", Outcome.SAME: "没有变化", Outcome.WRONG: "没有接受"}


@dataclass(frozen=True, slots=True)
class _Matched:
    """A row and the award that its key names."""

    row: RowReport
    line: PaymentLine

    def text(self, field: str) -> str:
        return self.row.raw.cells.get(field, "")


def take_results(
    session: Session,
    context: MoveContext[AwardBatch],
    lines: Sequence[PaymentLine],
    raws: Sequence[RawRow],
    form: ResultsIn,
) -> Report:
    """Record what was paid and why others were not; `context` holds the batch, `lines` are its payments.

    Raises what PAY raises for whoever may not, or when.
    """
    move, is_over = BATCHES.find(BatchMove.PAY), context.row.status is BatchStatus.PAID  # then nothing is left to do
    refusal = move.party.refuse(context) if is_over else find_refusal(BATCHES, move, context)
    if refusal is not None:
        raise refusal
    rows = [RowReport(raw, Outcome.SAME, dict(raw.errors)) for raw in raws if not _is_total(raw)]
    for matched in _match(rows, lines):
        _check(matched)
        if matched.row.outcome is not Outcome.WRONG:
            _take(session, context, matched, form)
    return Report(rows, COLUMNS)


def _is_total(raw: RawRow) -> bool:
    return not raw.cells.get("key") and raw.cells.get("number") == "合计"


def _match(rows: Sequence[RowReport], lines: Sequence[PaymentLine]) -> list[_Matched]:
    by_key = {str(line.entry.id): line for line in lines}
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        key = fold(row.raw.cells.get("key", ""))
        for field, words in row.raw.errors.items():
            row.refuse(field, words)
        if key not in by_key:
            row.refuse("key", "这一批里没有这个核对码" if key else "没有核对码，请用下载的发放清单")
        elif key in seen:
            row.refuse("key", f"和第 {seen[key]} 行的核对码重复")
        else:
            seen[key] = row.number
            found.append(_Matched(row, by_key[key]))
    return found


def _check(matched: _Matched) -> None:
    """Name and amount say the same as the key; the result is one of two, and agrees with what is on record."""
    row, line, result = matched.row, matched.line, matched.text("result")
    if fold(matched.text("name")) != fold(line.name):
        row.refuse("name", f"和核对码对不上，应该是{line.name}")
    if _cents(matched.text("amount")) != line.entry.amount_cents:
        row.refuse("amount", f"和核对码对不上，应该是 {line.entry.amount_cents / 100:.2f}")
    if result not in PAID | FAILED:
        row.refuse("result", "只能填：成功、失败")
    if result in FAILED and not matched.text("reason"):
        row.refuse("reason", "失败的要写明原因")
    if result in FAILED and line.payment is not None:
        row.refuse("result", f"已经登记发放，凭证号 {line.payment.voucher}，请和银行核实")
    if len(matched.text("reason")) > MAX_REASON:
        row.refuse("reason", f"最多 {MAX_REASON} 个字")


def _take(session: Session, context: MoveContext[AwardBatch], matched: _Matched, form: ResultsIn) -> None:
    if matched.text("result") in FAILED:
        _note_failure(session, context, matched)
    elif matched.line.payment is None:
        _pay(context, matched, form)


def _note_failure(session: Session, context: MoveContext[AwardBatch], matched: _Matched) -> None:
    entry, reason = matched.line.entry, matched.text("reason")
    if entry.payment_failure == reason:
        return
    entry.payment_failure = reason
    session.flush()
    matched.row.outcome = Outcome.CHANGED
    record(
        session, "award.payment_failed", subject_type="award_batch", subject_id=context.row.id,
        actor_id=context.actor_id, at=context.now, detail={"entry_id": str(entry.id)},
    )  # fmt: skip


def _pay(context: MoveContext[AwardBatch], matched: _Matched, form: ResultsIn) -> None:
    voucher = matched.text("voucher") or f"{form.voucher}-{matched.line.number}"
    if len(voucher) > MAX_VOUCHER:
        matched.row.refuse("voucher", f"最多 {MAX_VOUCHER} 个字")
        return
    paid = OnEntry(matched.line.entry.id, PaymentIn(method=form.method, voucher=voucher))
    held = BATCHES.context(context.session, context.row, actor=context.actor, now=context.now, form=paid)
    try:
        perform_held(BATCHES, held, BatchMove.PAY)
    except AppError as error:  # refused before anything of this row was changed
        matched.row.refuse("voucher" if error.fields else "result", error.message)
    else:
        matched.row.outcome = Outcome.NEW


def _cents(text: str) -> int | None:
    try:
        amount = Decimal(fold(text).replace(",", "").removeprefix("¥").removesuffix("元"))
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount.copy_abs() > MAX_YUAN:
        return None
    cents = amount * 100
    return int(cents) if cents == cents.to_integral_value() else None
