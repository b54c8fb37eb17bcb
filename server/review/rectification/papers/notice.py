"""隐患整改通知单: a rectification on paper, for the enterprise to sign. It proposes and asks for an answer: by the law
that it names, a union gives no orders."""

from datetime import date
from typing import Any

from server.core.clock import day_in_words, day_of
from server.core.errors import AppError, Conflict
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import SMALL, head, line, sign, table, titled_pictures
from server.review.rectification.moves.parties import ISSUER
from server.review.rectification.papers.issuing import RectificationPaper
from server.review.rectification.workflow import DUE, Context

TITLE = "隐患整改通知单"


def _refuse_when_not_due(context: Context) -> AppError | None:
    if context.row.status in DUE:
        return None
    return Conflict("现在不在整改期内，不能开具整改通知单。", code="not_now")


def _say_if_passed(context: Context) -> dict[str, Any]:
    """Nobody is asked to be done by a day that has passed; nothing is added before, so that what was issued stands."""
    return {"has_passed": True} if day_of(context.row.due_at) < day_of(context.now) else {}


def _write(document: Any, paper: Paper) -> None:
    """Add the notice, its photos, and the place to sign for it and to answer."""
    words = paper.words
    due = day_in_words(date.fromisoformat(words["due_on"]))
    until, limit = f"在{due}前完成整改", f"{due}前"
    if words.get("has_passed"):
        until, limit = f"尽快完成整改（原定的{due}已过）", f"原定{due}前，已过；请尽快整改，并告知几时能完成"
    head(document, words["issuer_name"], bold=True)
    head(document, TITLE)
    line(document, paper.number or "", center=True)
    line(document, f"{words['addressee_name']}：")
    line(
        document,
        "我会接到职工反映并核实，你单位存在下列安全隐患。根据《中华人民共和国安全生产法》第六十条（工会发现事故隐患时，"
        f"有权提出解决的建议，生产经营单位应当及时研究答复），建议你单位{until}，并答复我会。",
        indent=True,
    )
    rows = (
        ("隐患编号", "hazard_number"), ("地点", "place"), ("类别", "category"), ("等级", "grade"),
        ("隐患情况", "description"), ("整改建议", "measures"), ("整改责任人", "responsible"),
    )  # fmt: skip
    table(document, [*((name, words[key] or "—", 0.9) for name, key in rows), ("整改期限", limit, 0.9)])
    sign(document, words["issuer_name"], paper.issued_on)
    titled_pictures(document, "现场照片", [("照片", paper.pictures_of("photos"))])
    line(document, "")
    places = (("送达方式", 0.9), ("签收人、日期", 1.4), ("整改情况答复", 3.5), ("单位（盖章）、日期", 1.8))
    table(document, [(place, "", height) for place, height in places])
    line(document, "注：有不同意见的，请在期限前向发出单位说明理由；也可以在管理端答复。", SMALL)


NOTICE = RectificationPaper(
    name="notice",
    kind=DocumentKind(
        name="rectification_notice", title=TITLE, subject_type="rectification",
        downloaded="rectification.download_notice", write=_write,
    ),
    word="隐改",
    action="rectification.issue_notice",
    party=ISSUER,
    refuse=_refuse_when_not_due,
    words_of=_say_if_passed,
    label="整改通知单",
    offer="开具通知单",
    empty="还没有开具。通知单带编号和现场照片，可以打印送达、签收。",
)  # fmt: skip
