"""Awards are paid by a list that goes to the bank and comes back."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
import time_machine
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.oversight.awards.models import AwardEntry, BatchStatus, EntryStatus
from server.unions.tree.models import Union
from tests.integration.awards.conftest import Awards
from tests.integration.rectification.conftest import Case, Hand
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import jpeg
from tests.support.pages import squeeze
from tests.support.storms import STORMS
from tests.support.versions import version_of
from tests.support.world import Someone, World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def final(awards: Awards, closed: Callable[..., Case], time_machine: time_machine.TimeMachineFixture) -> UUID:
    """A batch whose list is final."""
    closed(grade=1)
    (batch_id,) = awards.scheme()
    assert [awards.post(f"/{batch_id}/{move}") for move in ("compute", "publish")] == [303, 303]
    time_machine.move_to(awards.batch(batch_id).objections_until)
    time_machine.shift(1)
    awards.desk.sign_in(awards.who)
    assert awards.post(f"/{batch_id}/finalise") == 303
    return batch_id


def download(awards: Awards, batch_id: UUID) -> Workbook:
    return load_workbook(BytesIO(awards.desk.get(f"/console/awards/{batch_id}/payments.xlsx").ok().body))


def give_back(awards: Awards, batch_id: UUID, **changes: Any) -> Answer:
    """The list as it was downloaded, with `changes` in the row of the first award by heading."""
    book = download(awards, batch_id)
    sheet = book.worksheets[0]
    places = {str(cell.value): place for place, cell in enumerate(sheet[3], 1)}
    for heading, value in changes.items():
        sheet.cell(4, places[heading], value)
    buffer = BytesIO()
    book.save(buffer)
    fields = {"method": "银行转账", "voucher": "P2026"}
    files = {"file": ("结果.xlsx", buffer.getvalue(), XLSX)}
    return awards.desk.post(f"/console/awards/{batch_id}/payments", fields, files=files)


def test_a_payment_list_has_phone_amount_total_and_room_to_sign_and_every_download_is_on_record(
    awards: Awards, final: UUID, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    sheet, sums = download(awards, final).worksheets
    heads, row, total = [[cell.value for cell in sheet[number]] for number in (3, 4, 5)]
    assert heads == ["序号", "姓名或单位", "手机", "所在单位", "收款账号", "金额（元）", "签名", *heads[7:]]
    assert row[:2] == [1, "赵工"]
    assert (row[5], total[0], total[5]) == (100, "合计", "=SUBTOTAL(109,F4:F4)")
    assert sheet.print_title_rows == "$3:$3"
    assert [cell.value for cell in sums[3]][:4] == ["蓝海船舶修造有限公司", "市南区", 1, 100]
    assert "下载发放清单（含手机号）" in awards.desk.get("/console/audit").ok().text
    assert desk_of(world.people.district_reviewer).get(f"/console/awards/{final}/payments.xlsx").status in (403, 404)


def test_the_banks_answer_pays_by_key_tells_why_it_failed_and_read_again_changes_nothing(
    awards: Awards, final: UUID
) -> None:
    failed = give_back(awards, final, 发放结果="失败", 失败原因="账号不存在").ok().text
    assert "记下失败 1" in squeeze(failed)
    assert "银行没有付成：账号不存在" in awards.desk.get(f"/console/awards/{final}").ok().text
    assert "登记发放 1" in squeeze(give_back(awards, final, 发放结果="成功", 失败原因=None).ok().text)
    page = awards.desk.get(f"/console/awards/{final}").ok().text
    assert ("凭证 P2026-1" in page, "账号不存在" in page) == (True, False)
    assert awards.batch(final).status is BatchStatus.PAID
    assert "没有变化 1" in squeeze(give_back(awards, final).ok().text)
    assert awards.moves(final).count("pay") == 1


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"核对码": "x1"}, "核对码：这一批里没有这个核对码（填的是“x1”）"),
        ({"姓名或单位": "钱工"}, "姓名或单位：和核对码对不上，应该是赵工（填的是“钱工”）"),
        ({"金额（元）": 1000}, "金额（元）：和核对码对不上，应该是 100.00（填的是“1,000.00”）"),
        ({"金额（元）": "1e5000000"}, "金额（元）：和核对码对不上，应该是 100.00（填的是“1e5000000”）"),
        ({"金额（元）": "=100"}, "金额（元）：不能用公式，请粘贴为数值"),
        ({"发放结果": "也许"}, "发放结果：只能填：成功、失败（填的是“也许”）"),
        ({"发放结果": "失败"}, "失败原因：失败的要写明原因"),
    ],
)
def test_a_row_that_does_not_agree_with_its_key_pays_nobody_and_is_shown_with_what_it_says(
    awards: Awards, final: UUID, changes: dict[str, Any], complaint: str
) -> None:
    answer = give_back(awards, final, **{"发放结果": "成功", **changes}).ok()
    assert complaint in answer.text
    assert "pay" not in awards.moves(final)


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)  # S3 takes nothing from a moved clock
def test_a_sheet_of_another_kind_is_refused_in_words(awards: Awards, final: UUID) -> None:
    book = Workbook()
    book.worksheets[0].append(["姓名", "金额"])
    book.worksheets[0].append(["赵工", 100])
    buffer = BytesIO()
    book.save(buffer)
    fields, files = {"method": "银行转账", "voucher": "P2026"}, {"file": ("a.xlsx", buffer.getvalue(), XLSX)}
    answer = awards.desk.post(f"/console/awards/{final}/payments", fields, files=files)
    assert (answer.status, "不认识的列名" in answer.text) == (422, True)
    answer = awards.desk.post(f"/console/awards/{final}/payments", {"method": "银行转账"}, files=files)
    assert (answer.status, "已选：a.xlsx" in answer.text) == (422, True)


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_a_hostile_sheet_of_results_is_answered_in_words(awards: Awards, final: UUID) -> None:
    fields, files = {"method": "银行转账", "voucher": "P2026"}, {"file": ("a.xlsx", STORMS["rows"], XLSX)}
    answer = awards.desk.post(f"/console/awards/{final}/payments", fields, files=files)
    assert (answer.status in (413, 422), 'role="alert"' in answer.text) == (True, True)


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
@pytest.mark.parametrize(("name", "title"), [("", "评奖名单"), ("/payments", "奖励发放清单")])
def test_long_lists_are_written_by_a_job_with_progress_and_fetched_from_its_page(
    awards: Awards, final: UUID, run_jobs: Callable[..., None], monkeypatch: pytest.MonkeyPatch, database: Database,
    desk_of: Callable[[Someone], Desk], world: World, name: str, title: str,
) -> None:  # fmt: skip
    monkeypatch.setattr("server.kit.exports.books.sending.MAX_ROWS", 0)
    answer = awards.desk.get(f"/console/awards/{final}{name}.xlsx")
    page = answer.headers["Location"]
    assert (answer.status, page.startswith("/console/exports/")) == (303, True)
    waiting = awards.desk.get(page).ok().text
    assert (title in waiting, "正在后台写" in waiting, f'href="/console/awards/{final}"' in waiting) == (True,) * 3
    assert awards.desk.get(f"{page}/ledger.xlsx").status == 409
    run_jobs()
    assert "共 1 条" in awards.desk.get(page).ok().text
    with database.reading() as session:
        logged = select(AuditEntry.action).where(AuditEntry.action.in_(("list.exported", "award.payment_list")))
        assert list(session.scalars(logged)) == []  # nothing has left the house yet
    book = load_workbook(BytesIO(awards.desk.get(f"{page}/ledger.xlsx").ok().body))
    assert any("赵工" in [cell.value for cell in row] for row in book.worksheets[0].rows)
    with database.reading() as session:
        assert sorted(session.scalars(logged)) == ["award.payment_list", "list.exported"][0 if name else 1 :]
    assert desk_of(world.people.district_reviewer).get(page).status == 404


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_two_enterprises_of_one_name_are_two_lines_with_their_districts(
    awards: Awards, accepted: Callable[..., Case], rectifier: Hand, town: Hand, database: Database, world: World,
    phone_of: Callable[[Someone], Phone], time_machine: time_machine.TimeMachineFixture,
) -> None:  # fmt: skip
    cases = [accepted(grade=1)]
    hazard_id = phone_of(world.people.colleague).report(jpeg(5), enterprise_id=world.unions.shipyard)
    sent = {"version": version_of(town.desk, hazard_id), "grade": "1"}
    town.desk.post(f"/console/submissions/{hazard_id}/accept", sent).ok()
    cases.append(Case(database, hazard_id))
    for case in cases:
        rectifier.submit(case.row, jpeg(70 + cases.index(case)))
        assert town.move(case.row, "close", way="on_site").status == 303
    (batch_id,) = awards.scheme()
    awards.post(f"/{batch_id}/compute")
    awards.post(f"/{batch_id}/publish")
    time_machine.move_to(awards.batch(batch_id).objections_until)
    time_machine.shift(1)
    awards.desk.sign_in(awards.who)
    awards.post(f"/{batch_id}/finalise")
    with database.transaction() as session:
        name = session.get_one(Union, world.unions.shipyard).name
        first, _ = session.scalars(select(AwardEntry).where(AwardEntry.status == EntryStatus.LISTED)).all()
        brewery = session.get_one(Union, world.unions.brewery)
        first.union_id, brewery.name = brewery.id, name
    rows = [[cell.value for cell in row][:3] for row in list(download(awards, batch_id).worksheets[1].rows)[2:4]]
    assert {row[0] for row in rows} == {name}
    assert sorted((row[1], row[2]) for row in rows) == [("市北区", 1), ("市南区", 1)]
