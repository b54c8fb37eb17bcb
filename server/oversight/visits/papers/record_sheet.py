"""The record sheet that is annexed to the notice of 2020-01-14, laid out as it is there.

附件, a title of three lines, a table of two columns and four rows. It has no place for day, names and signatures: these
stand on a second page, if one is wanted.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from server.core.clock import day_in_words
from server.kit.documents.papers.kinds import DRAWN, DocumentKind, Paper
from server.kit.documents.papers.layout import break_page, draw_in, head, line, table
from server.kit.documents.papers.official import BLACK_FONT
from server.kit.files.models import AttachedFile
from server.oversight.visits.models import Side, Visit, VisitSignature
from server.oversight.visits.papers.opinion import say_signature
from server.oversight.visits.queries import list_signatures, team_names
from server.oversight.visits.texts import MODE_NAMES, SIDE_NAMES
from server.unions.tree.models import Union

TITLE = (
    "市总工会副局级以上领导和分管部室",
    "“查保促”“安康杯”群众性安全生产活动",
    "集中行动专项督导工作记录表",
)
ROWS = (
    ("所到区市（市直单位）", "district", 1.2),
    ("所进企业名称", "enterprise", 1.2),
    ("对开展“查保促”“安康杯”群众性安全生产活动集中行动督导情况", "situation", 7.6),
    ("所督导单位开展活动情况", "activities", 6.4),
)


def words_of(session: Session, visit: Visit, *, second_page: bool) -> dict[str, Any]:
    """What the sheet says."""
    district = session.get(Union, visit.district_id) if visit.district_id is not None else None
    words: dict[str, Any] = {
        "district": district.name if district is not None else "",
        "enterprise": session.get_one(Union, visit.enterprise_id).name,
        "situation": visit.situation, "activities": visit.activities, "second": [],
    }  # fmt: skip
    if second_page:
        signatures = list_signatures(session, visit.id)
        words["second"] = _second(session, visit, signatures)
        words[DRAWN] = _drawn(session, signatures)
    return words


def _drawn(session: Session, signatures: Mapping[Side, VisitSignature]) -> list[dict[str, str]]:
    """What was drawn by hand, as the kit puts it on paper."""
    files = {side: session.get(AttachedFile, signed.file_id) for side, signed in signatures.items() if signed.file_id}
    return [
        {"id": str(file.object_id), "name": signatures[side].name, "side": side}
        for side, file in files.items()
        if file is not None
    ]


def _second(session: Session, visit: Visit, signatures: Mapping[Side, VisitSignature]) -> list[list[str]]:
    return [
        ["督导日期", day_in_words(visit.visited_on) if visit.visited_on is not None else ""],
        ["督导方式", MODE_NAMES[visit.mode]],
        ["督导人员", "、".join(team_names(session, visit.id))],
        ["督导组签字", say_signature(signatures[Side.TEAM], Side.TEAM) if Side.TEAM in signatures else ""],
        ["企业签字", say_signature(signatures[Side.ENTERPRISE], Side.ENTERPRISE)
         if Side.ENTERPRISE in signatures else ""],
    ]  # fmt: skip


def write_record_sheet(document: Any, paper: Paper) -> None:
    """Add one."""
    line(document, "附件", font=BLACK_FONT)
    line(document, "")
    for part in TITLE:
        head(document, part)
    line(document, "")
    table(document, ((label, paper.words[name], height) for label, name, height in ROWS))
    if paper.words["second"]:
        break_page(document)
        cells = table(document, ((label, text, 1.6) for label, text in paper.words["second"]))
        signed = dict(zip((Side.TEAM, Side.ENTERPRISE), cells[-2:], strict=True))
        for drawing in paper.words.get(DRAWN, ()):
            if (content := paper.pictures.get(drawing["id"])) is not None:
                draw_in(signed[Side(drawing["side"])], content, f"{SIDE_NAMES[Side(drawing['side'])]}签名")


RECORD_SHEET = DocumentKind(
    name="visit_record_sheet", title="专项督导工作记录表", subject_type="visit", downloaded="visit.download",
    write=write_record_sheet,
)  # fmt: skip
