"""The three letters of a union."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice, Todo
from server.oversight.letters.listing import LETTERS
from server.oversight.letters.queries import count_waiting

SLICE = Slice(
    lists=(LETTERS,),
    menu=(MenuEntry(Section.OVERSIGHT, 10, "一函两书", "mail", "/console/letters"),),
    audit=AuditWords(
        actions={
            "letter.draft": "起草文书",
            "letter.edit": "修改文书",
            "letter.discard": "删除文书草稿",
            "letter.issue": "发出文书",
            "letter.reply": "答复文书",
            "letter.record_reply": "登记纸质答复",
            "letter.withdraw": "撤回文书",
            "letter.download": "下载文书",
        },
        subjects={"letter": "文书"},
        details={
            "replied_on": "答复日期",
            "form": "形式",
        },
    ),
    todos=(Todo("letters", "/console/letters", "{} 份文书要答复或者催办", count_waiting),),
)
