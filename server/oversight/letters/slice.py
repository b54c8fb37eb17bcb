"""The three letters of a union."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.kit.search import Searchable
from server.oversight.letters.document import LETTER_DOCUMENT
from server.oversight.letters.indicators import INDICATORS
from server.oversight.letters.listing import LETTERS, TODOS, LetterFilter, find_by_number
from server.oversight.letters.panels import UNION_PANEL, line_of
from server.oversight.letters.sharing import SHARED_ITEM, TODO
from server.oversight.letters.texts import KIND_NAMES, STATUS_NAMES
from server.oversight.letters.workflow import LETTER_WORKFLOW

SLICE = Slice(
    indicators=INDICATORS,
    union_panels=(UNION_PANEL,),
    exports={"letters_console.docx": "一函两书（Word）", "letters_console.pdf": "一函两书（PDF）"},
    lists=(LETTERS,),
    searches=(
        Searchable(
            listing=LETTERS,
            title="一函两书",
            position=40,
            permission="letter.read",
            filters=lambda words: LetterFilter(q=words),
            line=line_of,
            numbered=find_by_number,
        ),
    ),
    shared_items=(SHARED_ITEM,),
    documents=(LETTER_DOCUMENT,),
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            10,
            "一函两书",
            "mail",
            "/console/letters",
            handbook="一函两书",
            hint="提示函、意见书、建议书从这里起草、发出、收答复。工会是提建议，不是下命令。",
        ),
    ),
    audit=AuditWords(
        statuses={"letter": STATUS_NAMES},
        actions={**LETTER_WORKFLOW.audit_words(), "letter.download": "下载文书"},
        subjects={"letter": "文书"},
        details={
            "replied_on": "答复日期",
        },
        values={"letter.kind": KIND_NAMES},
    ),
    todos=(*TODOS, TODO),
    workflows=(LETTER_WORKFLOW,),
)
