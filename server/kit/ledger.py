"""The ledger (台账) of a list: what is filtered, as an Excel sheet. Every download is on record."""

from collections import Counter
from collections.abc import Iterator

from flask import Response, send_file

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.core.sheets import XLSX, write_sheet
from server.core.web.unit_of_work import independent_transaction, read_only_session
from server.kit.filters import F, read_filters
from server.kit.listing import Listing, R, Request, count_rows, walk_rows
from server.unions.actor import current_actor

MAX_ROWS = 10_000
"""What a request writes while somebody waits, about two seconds."""


def send_ledger(listing: Listing[F, R]) -> Response:
    """The sheet of the filters in the address. Raises Conflict above MAX_ROWS, and what reading the page raises."""
    filters, actor, now = read_filters(listing.filters), current_actor(), clock.now()
    with read_only_session() as reader:
        asked = Request(reader, actor, filters, now)
        if count_rows(listing, asked, MAX_ROWS + 1) > MAX_ROWS:
            text = f"超过 {MAX_ROWS} 条，一次导不完，请先用筛选缩小范围（例如按单位或日期）再导出。"
            raise Conflict(text, code="too_many_rows")
        written = Counter[str]()
        content = write_sheet(listing.title, listing.sheet, _counting(walk_rows(listing, asked), written))
    with independent_transaction() as writer:
        record(
            writer, "list.exported", subject_type="person", subject_id=actor.person_id, actor_id=actor.person_id,
            at=now, detail={"list": listing.title, "rows": written["rows"]},
        )  # fmt: skip
    name = f"{listing.title}台账 {clock.in_shanghai(now):%Y-%m-%d}.xlsx"
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _counting(rows: Iterator[R], written: Counter[str]) -> Iterator[R]:
    """The rows as they pass: how many conditions find would tell of those that the actor must not see."""
    for row in rows:
        written["rows"] += 1
        yield row
