"""Visits of supervision."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.kit.documents.models import Document
from server.kit.search import Searchable
from server.oversight.visits.findings.follow_up import FOLLOW_UP
from server.oversight.visits.indicators import INDICATORS
from server.oversight.visits.listing import TO_GO, TO_SEND, VISITS, VisitFilter
from server.oversight.visits.models import (
    Visit,
    VisitDraft,
    VisitFinding,
    VisitHandover,
    VisitMember,
    VisitSignature,
    VisitTalk,
)
from server.oversight.visits.panels import UNION_PANEL, line_of
from server.oversight.visits.papers.handover import HANDOVER
from server.oversight.visits.papers.opinion import OPINION
from server.oversight.visits.papers.record_sheet import RECORD_SHEET
from server.oversight.visits.queries import are_judged, handovers_that_may_name, may_name, papers_that_may_name
from server.oversight.visits.recording.visit_files import VISIT_FILES
from server.oversight.visits.texts import CAUSE_NAMES, MODE_NAMES, STATUS_NAMES
from server.oversight.visits.workflow import WORKFLOW

JUDGED = ("judge", "judged_words")
WORDS_OF_FINDINGS = (
    "place", "description", "basis", "suspected_major", "suggestion", "owner", "measures", "funds", "emergency_plan",
    "judge", "judged_words",
)  # fmt: skip

SLICE = Slice(
    indicators=INDICATORS,
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            44,
            "督导",
            "shield-check",
            "/console/visits",
            handbook="督导",
            hint="到企业督导的安排、现场记录和意见书都在这里。发出意见书以后，问题在“整改”里跟到销号。",
        ),
    ),
    lists=(VISITS, FOLLOW_UP),
    todos=(TO_GO, TO_SEND),
    files=(VISIT_FILES,),
    documents=(OPINION, RECORD_SHEET, HANDOVER),
    union_panels=(UNION_PANEL,),
    searches=(
        Searchable(
            listing=VISITS,
            title="督导",
            position=63,
            permission="visit.read",
            filters=lambda words: VisitFilter(q=words),
            line=line_of,
        ),
    ),
    exports={
        "visits_console.follow_up.dispatch_sheet": "督导整改调度表（Excel）",
        "visits_console.docx": "督导意见书（Word）",
        "visits_console.pdf": "督导意见书（PDF）",
        "visits_console.handovers.docx": "提请依法处理函（Word）",
        "visits_console.handovers.pdf": "提请依法处理函（PDF）",
        "visits_console.record_sheets.docx": "专项督导工作记录表（Word）",
        "visits_console.record_sheets.pdf": "专项督导工作记录表（PDF）",
    },
    audit=AuditWords(
        actions={
            **WORKFLOW.audit_words(),
            "visit.download": "下载督导文书",
            "visit.judged": "登记懂行的人的结论",
            "visit.settled": "填写五落实",
            "visit.handed_over": "移送督导问题",
            "visit.handover_answered": "登记移送的答复",
        },
        subjects={"visit": "督导", "visit_finding": "督导发现的问题", "visit_handover": "督导问题的移送"},
        statuses={"visit": STATUS_NAMES},
        details={"finding_count": "发现几个问题", "mode": "方式", "is_major": "是不是重大", "cause": "为什么移送"},
        values={"visit.mode": MODE_NAMES, "visit_finding.cause": CAUSE_NAMES},
    ),
    workflows=(WORKFLOW,),
    personal=(
        PersonalRows(model=VisitMember, rows=owned_by(VisitMember.person_id), title="参加的督导"),
        PersonalRows(
            model=Visit, rows=owned_by(Visit.recorded_by_id), title="记录的督导", hidden=frozenset({"record_hash"})
        ),
        PersonalRows(model=VisitFinding, rows=are_judged, title="判断过的问题", struck=JUDGED),
        PersonalRows(model=VisitFinding, rows=owned_by(VisitFinding.judged_by_id), title="登记的结论", struck=JUDGED),
        PersonalRows(model=VisitFinding, rows=owned_by(VisitFinding.settled_by_id), title="填写的五落实"),
        PersonalRows(model=VisitHandover, rows=owned_by(VisitHandover.handed_by_id), title="移送的问题"),
        PersonalRows(model=VisitDraft, rows=owned_by(VisitDraft.edited_by_id), title="没有提交的督导记录"),
        *(
            PersonalRows(model=model, rows=may_name(column), struck=struck)
            for model, column, struck in (
                (Visit, Visit.id, ("situation", "activities", "answers", "skipped")),
                (VisitMember, VisitMember.visit_id, ("words",)),
                (VisitTalk, VisitTalk.visit_id, ("topics", "words")),
                (VisitDraft, VisitDraft.visit_id, ("content",)),
                (VisitSignature, VisitSignature.visit_id, ("name", "reason", "witness")),
                (Document, Document.owner_id, ("words",)),
                (VisitFinding, VisitFinding.visit_id, WORDS_OF_FINDINGS),
            )
        ),
        PersonalRows(model=VisitHandover, rows=handovers_that_may_name, struck=("department", "words", "answer")),
        PersonalRows(model=Document, rows=papers_that_may_name, struck=("words",)),
    ),
)
