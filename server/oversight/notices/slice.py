"""Notices and numbered documents."""

from functools import partial
from typing import Any, cast

from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.kit.documents.texts import spell_number
from server.kit.listing import Listing
from server.kit.panels import Line
from server.kit.search import Searchable
from server.oversight.notices.actions import number_notice
from server.oversight.notices.document import NOTICE_DOCUMENT
from server.oversight.notices.listing import RECEIVED, SENT, NoticeFilter, Row
from server.oversight.notices.queries import KIND, begin_details, facts_of
from server.oversight.notices.schemas import NoticeDetails

NOTICE = AssignmentKind(
    name=KIND, label="通知", letter="T", path="/console/notices", wants_form=False, details=NoticeDetails,
    details_template="notices/_details.html", begin_details=begin_details, before_sending=number_notice, facts=facts_of,
    document=NOTICE_DOCUMENT,
)  # fmt: skip


def _line(row: Row) -> Line:
    note = " · ".join(filter(None, (row.number, row.sender_name)))
    return Line(
        text=row.record.title, href=row.href, note=note, status=row.status_text, chip=row.chip, at=row.record.sent_at
    )


def _numbered(listing: Listing[Any, Any], words: str) -> NoticeFilter | None:
    """The filters of that list, where the words are a number."""
    return cast(NoticeFilter, listing.filters(q=words)) if spell_number(words) else None


SLICE = Slice(
    assignments=(NOTICE,),
    documents=(NOTICE_DOCUMENT,),
    exports={"notices_console.docx": "公文（Word）", "notices_console.pdf": "公文（PDF）"},
    lists=(SENT, RECEIVED),
    searches=tuple(
        Searchable(
            listing=listing, title=title, position=position, permission="notice.read",
            filters=partial(_numbered, listing), line=_line,
        )
        for listing, title, position in ((SENT, "通知公文", 43), (RECEIVED, "收文", 44))
    ),
    menu=(
        MenuEntry(
            Section.OVERSIGHT, 5, "通知公文", "file-text", "/console/notices", handbook="通知和公文",
            hint="给下级工会和企业发通知、发公文，看谁还没有签收；上级发来的在“收文”里。",
        ),
    ),
    audit=AuditWords(actions={"notice.number": "公文编号", "notice.download": "下载公文"}),
)  # fmt: skip
