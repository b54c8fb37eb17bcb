"""What answers to check items find."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from server.assignments.findings.listing import FINDINGS, TODO
from server.assignments.findings.models import Finding
from server.assignments.responses.queries import may_name
from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.unions.people.models import Person

AFTER_NAME = "，,、；;：:（( "  # 王某，锅炉检验员
_WORDS = ("words", "judge", "judged_words")


def _judged(person_id: UUID) -> ColumnElement[bool]:
    """What somebody is named in as the one who judged, at their enterprise or by a union above it: their name stands
    first. Whoever is called like a part of it, or of a trade, is not handed what others did."""
    name = select(Person.name).where(Person.id == person_id).scalar_subquery()
    is_first = func.substr(Finding.judge, 1, func.length(name) + 1).in_([name, *(name + each for each in AFTER_NAME)])
    return may_name(Finding.recipient_id)(person_id) & is_first


SLICE = Slice(
    lists=(FINDINGS,),
    todos=(TODO,),
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            46,
            "检查发现",
            "file-search",
            "/console/findings",
            handbook="检查发现",
            hint="企业选了“无法判断”的，请懂行的人去看，把结论记在这里。不合格的，都会成为隐患，跟到改好。",
        ),
    ),
    audit=AuditWords(
        actions={"inspection.judged": "登记懂行的人的结论"},
        subjects={"inspection_finding": "检查发现"},
        details={"item": "检查内容", "conclusion": "结论", "judge": "谁看的"},
        values={"conclusion": {"passed": "合格", "failed": "不合格"}},
    ),
    personal=(
        PersonalRows(model=Finding, rows=_judged, title="判断过的检查项", struck=_WORDS),
        PersonalRows(model=Finding, rows=owned_by(Finding.found_by_id), struck=_WORDS),
        PersonalRows(model=Finding, rows=owned_by(Finding.judged_by_id), struck=_WORDS),
        PersonalRows(model=Finding, rows=may_name(Finding.recipient_id), struck=_WORDS),
    ),
)
