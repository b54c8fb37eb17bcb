"""Papers of an assessment: 考核评分表, 反馈单 and 推荐审批表 of a unit, 汇总排名表, 推荐汇总表."""

from collections.abc import Mapping
from typing import Any

from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import grid, head, line, prose, sign, table

SCORE_HEADS = ("项目", "内容", "标准分", "自评分", "核定分", "扣分原因", "佐证")
RANK_HEADS = ("名次", "单位", "得分", "满分", "等次", "说明")
RECOMMENDED_HEADS = ("序号", "单位", "类别", "推荐等次", "得分", "职工数", "近两年事故", "推荐单位意见")


def write_assessment(document: Any, paper: Paper) -> None:
    """Add one of them: which, says `form`."""
    _WRITERS[paper.words["form"]](document, paper)


def _write_scores(document: Any, paper: Paper) -> None:
    words = paper.words
    head(document, "考核评分表")
    line(document, f"考核：{words['title']}")
    line(document, f"单位：{words['unit']}")
    grid(document, SCORE_HEADS, words["rows"], (3, 5, 1.6, 1.6, 1.8, 3.5, 3.5))
    line(document, "")
    line(document, words["sum"])
    prose(document, words["rounding"])
    sign(document, words["issuer"], paper.issued_on)


def _write_feedback(document: Any, paper: Paper) -> None:
    words = paper.words
    head(document, "考核情况反馈单")
    line(document, "")
    line(document, f"{words['unit']}：")
    prose(document, words["intro"])
    prose(document, words["sum"])
    if words["lost"]:
        line(document, "扣分的项目", bold=True)
        grid(document, ("内容", "标准分", "核定分", "原因"), words["lost"], (5, 1.5, 1.5, 5))
    if words["objections"]:
        line(document, "异议处理", bold=True)
        grid(document, ("内容", "异议", "答复"), words["objections"], (3, 4, 4))
    prose(document, words["rounding"])
    sign(document, words["issuer"], paper.issued_on)


def _write_ranking(document: Any, paper: Paper) -> None:
    words = paper.words
    head(document, "考核汇总排名表")
    line(document, words["title"], center=True)
    for group in words["groups"]:
        line(document, f"{group['label']}（{group['count']} 家）", bold=True)
        grid(document, RANK_HEADS, group["rows"], (1.2, 5, 1.6, 1.6, 1.8, 3))
    prose(document, f"只在同组内排名；一票否决的不排名，得分照常列出。{words.get('note', '')}")
    prose(document, words["rounding"])
    sign(document, words["issuer"], paper.issued_on)


def _write_recommended(document: Any, paper: Paper) -> None:
    words = paper.words
    head(document, "推荐汇总表")
    line(document, words["title"], center=True)
    grid(document, RECOMMENDED_HEADS, words["rows"], (1, 4, 2, 2, 1.5, 1.6, 2.4, 3.5))
    prose(document, words["note"])
    sign(document, words["issuer"], paper.issued_on)


def _write_approval(document: Any, paper: Paper) -> None:
    """Signed and sealed by hand: nothing is written into the places where somebody is to sign."""
    words = paper.words
    head(document, "推荐审批表")
    line(document, words["title"], center=True)
    table(document, [(title, text, height) for title, text, height in words["rows"]])
    prose(document, words["note"])


_WRITERS: Mapping[str, Any] = {
    "scores": _write_scores, "feedback": _write_feedback, "ranking": _write_ranking, "recommended": _write_recommended,
    "approval": _write_approval,
}  # fmt: skip
ASSESSMENT_DOCUMENT = DocumentKind(
    name="assessment", title="考核文书", subject_type="assessment", downloaded="assessment.download",
    write=write_assessment,
)  # fmt: skip
