"""The opinion (督导意见书): what a union writes to an enterprise after a visit. It suggests, and asks for an answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from server.core.clock import day_in_words
from server.core.text import quoted
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import grid, head, line, prose, sign
from server.oversight.visits.findings.settling import five_of, is_grave
from server.oversight.visits.models import Side, SignedBy, Visit, VisitFinding, VisitSignature
from server.oversight.visits.queries import list_findings, list_signatures
from server.oversight.visits.texts import GRADE_NAMES, KIND_NAMES, MODE_NAMES
from server.unions.tree.models import Union

HEADS = ("序号", "位置和问题", "依据", "类别和等级", "建议", "建议完成日期和责任人")
SHARES = (1, 4, 3, 2.4, 4, 2.6)
FIVE_HEADS = ("序号", "责任人", "措施", "资金", "期限", "应急预案")
FIVE_SHARES = (1, 2, 4, 2.4, 2.6, 4)
FIVE = "重大事故隐患请落实责任人、措施、资金、期限和应急预案，没有写明的请在答复里写明："
TO_SETTLE = "请企业确定"
SUSPECTED = "（疑似重大事故隐患，请有资质的人员按“{}”判断。）"
NOTHING_FOUND = "这次督导没有发现需要整改的问题，请继续保持。"
ASKING = (
    "请研究处理，并在{}前答复我会：采纳的写明措施、责任人和完成日期，不采纳的说明理由。整改完成后请附照片，我会将复查。"
)
BASIS = "依据：《中华人民共和国安全生产法》第六十条，《中华人民共和国工会法》第二十四条。"


def words_of(session: Session, visit: Visit, reply_on: date | None = None) -> dict[str, Any]:
    """What the opinion says; of a draft as it stands."""
    organizer = session.get_one(Union, visit.organizer_id)
    enterprise = session.get_one(Union, visit.enterprise_id)
    signatures, findings = list_signatures(session, visit.id), list_findings(session, visit.id)
    reply = reply_on or visit.reply_on
    return {
        "issuer": organizer.name, "addressee": enterprise.name, "occasion": visit.occasion,
        "mode": MODE_NAMES[visit.mode], "team": visit.team_name or "督导组",
        "day": visit.visited_on.isoformat() if visit.visited_on is not None else None,
        "basis": visit.basis, "situation": visit.situation,
        "findings": [_describe(each) for each in findings],
        "five": [_five(each) for each in findings if is_grave(each)],
        "reply_on": reply.isoformat() if reply is not None else None,
        "signed": [say_signature(signatures[side], side) for side in Side if side in signatures],
    }  # fmt: skip


def _describe(found: VisitFinding) -> list[str]:
    suspected = SUSPECTED.format(found.suspected_major) if found.suspected_major else ""
    return [
        str(found.number), f"{found.place}：{found.description}{suspected}", found.basis,
        f"{KIND_NAMES[found.kind]}，{GRADE_NAMES[found.grade]}", found.suggestion,
        "\n".join(filter(None, (day_in_words(found.due_on), found.owner))),
    ]  # fmt: skip


def _five(found: VisitFinding) -> list[str]:
    return [str(found.number), *(words or TO_SETTLE for words in five_of(found).values())]


def say_signature(signed: VisitSignature, side: Side) -> str:
    """Who signed for a side; or that nobody would, why, and who saw it."""
    whose = {Side.TEAM: "督导组", Side.ENTERPRISE: "企业"}[side]
    if signed.way is SignedBy.REFUSED:
        return f"{whose}未签字：{signed.reason}（见证人：{signed.witness}）"
    return f"{whose}签字：{' '.join(filter(None, (signed.name, signed.post)))}"


def write_opinion(document: Any, paper: Paper) -> None:
    """Add one. A draft says that it is one."""
    words = paper.words
    head(document, words["issuer"], bold=True)
    head(document, "督导意见书")
    line(document, paper.number or "（草稿，未编号）", center=True)
    line(document, "")
    line(document, f"{words['addressee']}：")
    line(document, _begin(words), indent=True)
    prose(document, words["situation"])
    if words["findings"]:
        line(document, "发现的问题和建议如下：", indent=True)
        grid(document, HEADS, words["findings"], SHARES)
        if words.get("five"):
            line(document, FIVE, indent=True)
            grid(document, FIVE_HEADS, words["five"], FIVE_SHARES)
        line(document, ASKING.format(_until(words)), indent=True)
    else:
        line(document, NOTHING_FOUND, indent=True)
    line(document, BASIS, indent=True)
    for each in words["signed"]:
        line(document, each, indent=True)
    sign(document, words["issuer"], paper.issued_on)


def _begin(words: Mapping[str, Any]) -> str:
    day = day_in_words(date.fromisoformat(words["day"])) if words["day"] else "    年  月  日"
    basis = f"根据{words['basis']}，" if words["basis"] else ""
    return f"{basis}{day}，我会{words['team']}到你单位开展{quoted(words['occasion'])}督导（{words['mode']}）。"


def _until(words: Mapping[str, Any]) -> str:
    return day_in_words(date.fromisoformat(words["reply_on"])) if words["reply_on"] else "    年  月  日"


OPINION = DocumentKind(
    name="visit_opinion", title="督导意见书", subject_type="visit", downloaded="visit.download", write=write_opinion
)
