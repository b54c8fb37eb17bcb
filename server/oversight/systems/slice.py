"""Safety systems in place."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.oversight.systems.collecting.asking import KIND
from server.oversight.systems.indicators import INDICATORS
from server.oversight.systems.listing import HELD_SYSTEMS, TODOS, UNION_PANEL
from server.oversight.systems.papers.documents import DOCUMENTS
from server.oversight.systems.texts import STATUS_NAMES
from server.oversight.systems.workflow import HELD

SLICE = Slice(
    indicators=INDICATORS,
    assignments=(KIND,),
    lists=(HELD_SYSTEMS,),
    todos=TODOS,
    workflows=(HELD,),
    files=(DOCUMENTS,),
    union_panels=(UNION_PANEL,),
    exports={"systems_console.table_sheet": "安全制度建立情况统计表"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            54,
            "制度健全",
            "list-check",
            "/console/systems",
            handbook="制度健全",
            hint="企业有哪些安全制度，什么时候评审。企业填写、传文件，上级工会核对。",
        ),
    ),
    audit=AuditWords(
        actions={
            **HELD.audit_words(),
            "system.list_begun": "采用现成的制度清单",
            "system.added": "增加要查的制度",
            "system.edited": "修改要查的制度",
        },
        subjects={"held_system": "企业的安全制度", "safety_system": "要查的安全制度"},
        statuses={"held_system": STATUS_NAMES},
        details={"systems": "几项", "reviewed_on": "评审日期"},
    ),
)
