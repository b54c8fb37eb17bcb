"""One-time passwords as a sheet: to print, cut and hand out."""

from collections.abc import Sequence
from datetime import datetime

from server.core.clock import day_in_words, day_of
from server.core.sheets import Sheet, SheetColumn, write_book
from server.unions.imports.actions import OneTime

COLUMNS: tuple[SheetColumn[OneTime], ...] = (
    SheetColumn("姓名", lambda account: account.name),
    SheetColumn("登录名", lambda account: account.username, width=22),
    SheetColumn("一次性密码", lambda account: account.password, width=24),
    SheetColumn("签收", lambda _: "", width=24),
)


def one_time_sheet(accounts: Sequence[OneTime], good_until: datetime) -> bytes:
    """An .xlsx that nobody keeps but whoever downloads it."""
    heading = ("一次性密码", f"{day_in_words(day_of(good_until))}以前登录有效，交给本人后请删除这个文件。")
    return write_book(Sheet("一次性密码", COLUMNS, accounts, heading=heading, is_numbered=True)).getvalue()
