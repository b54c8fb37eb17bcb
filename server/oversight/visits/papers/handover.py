"""The letter by which a union asks the authority to deal with a finding (移送). It asks, it does not order."""

from typing import Any

from sqlalchemy.orm import Session

from server.core.clock import day_in_words
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import head, line, prose, sign, table
from server.oversight.visits.models import HandoverCause, Visit, VisitFinding, VisitHandover
from server.oversight.visits.texts import CAUSE_NAMES, GRADE_NAMES
from server.unions.tree.models import Union

BASIS = "依据：《中华人民共和国工会法》第二十四条，《中华人民共和国安全生产法》第六十条。"
ASKING = "请依法处理，并把处理情况告诉我会。"
WHY = {
    HandoverCause.MAJOR: "督导发现重大事故隐患（或者疑似，请有资质的人员判断）。",
    HandoverCause.REFUSED: "督导提出整改建议以后，企业没有整改。",
}


def words_of(session: Session, visit: Visit, finding: VisitFinding, row: VisitHandover) -> dict[str, Any]:
    """What the letter says."""
    return {
        "issuer": session.get_one(Union, visit.organizer_id).name, "addressee": row.department,
        "why": WHY[row.cause], "words": row.words,
        "rows": [
            ["企业", session.get_one(Union, visit.enterprise_id).name],
            ["督导", f"{day_in_words(visit.visited_on) if visit.visited_on else ''}，意见书 {visit.number}"],
            ["位置和问题", f"{finding.place}：{finding.description}"],
            ["等级", " ".join(filter(None, (GRADE_NAMES[finding.grade], finding.suspected_major)))],
            ["依据", finding.basis],
            ["我会的建议", f"{finding.suggestion}（{day_in_words(finding.due_on)}前）"],
            ["移送原因", CAUSE_NAMES[row.cause]],
        ],
    }  # fmt: skip


def write_handover(document: Any, paper: Paper) -> None:
    """Add one."""
    words = paper.words
    head(document, words["issuer"], bold=True)
    head(document, "关于提请依法处理安全问题的函")
    line(document, paper.number or "（草稿，未编号）", center=True)
    line(document, "")
    line(document, f"{words['addressee']}：")
    line(document, words["why"], indent=True)
    table(document, ((label, text, 1.0) for label, text in words["rows"]))
    prose(document, words["words"])
    line(document, ASKING, indent=True)
    line(document, BASIS, indent=True)
    sign(document, words["issuer"], paper.issued_on)


HANDOVER = DocumentKind(
    name="visit_handover", title="提请依法处理函", subject_type="visit_handover", downloaded="visit.download",
    write=write_handover,
)  # fmt: skip
