"""Deadlines that are counted anew when the calendar comes."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={"deadline.recount": "按新公布的日历重算期限"},
        details={"deadline": "哪个期限", "former_due_at": "原期限", "years": "公布的年份"},
    ),
)
