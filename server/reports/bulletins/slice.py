"""Monthly reports and bulletins."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.kit.search import Searchable
from server.reports.bulletins.document import BULLETIN_DOCUMENT
from server.reports.bulletins.listing import BULLETINS, BulletinFilter
from server.reports.bulletins.panels import line_of

SLICE = Slice(
    lists=(BULLETINS,),
    searches=(
        Searchable(
            listing=BULLETINS,
            title="月报和简报",
            position=48,
            permission="bulletin.read",
            filters=lambda words: BulletinFilter(q=words),
            line=line_of,
        ),
    ),
    documents=(BULLETIN_DOCUMENT,),
    exports={"bulletins_console.docx": "月报、简报（Word）", "bulletins_console.pdf": "月报、简报（PDF）"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            41,
            "月报和简报",
            "file-text",
            "/console/bulletins",
            handbook="月报和简报",
            hint="选好月份或起止日期，文字里的数字自动填好，生成带图表的 Word。",
        ),
    ),
    audit=AuditWords(
        actions={"bulletin.issue": "生成月报、简报", "bulletin.download": "下载月报、简报"},
        subjects={"bulletin": "月报、简报"},
        details={"corrects": "更正"},
    ),
)
