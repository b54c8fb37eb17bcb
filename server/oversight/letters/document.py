"""A letter as a Word document: title centred, number, body, signature and date, the reply slip on its own page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.core.clock import day_in_words
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import SMALL, head, line, prose, sign, table
from server.oversight.letters.models import Letter, LetterKind
from server.oversight.letters.texts import KIND_NAMES

SERIES: Mapping[LetterKind, str] = {
    LetterKind.NOTICE: "letter.notice",
    LetterKind.OPINION: "letter.opinion",
    LetterKind.PROPOSAL: "letter.proposal",
}
"""Each kind of letter counts its own numbers."""


def words_of(letter: Letter) -> dict[str, Any]:
    """What the document of a letter says; of a draft as it stands."""
    return {
        "kind_name": KIND_NAMES[letter.kind],
        "issuer_name": letter.issuer_name,
        "addressee_name": letter.addressee_name,
        "subject": letter.subject,
        "body": letter.body,
        "reply_days": letter.reply_days,
        "due_on": letter.due_on.isoformat() if letter.due_on is not None else None,
    }


def write_letter(document: Any, paper: Paper) -> None:
    """Add the letter and its slip. A draft says that it is one."""
    words, number = paper.words, paper.number or "（草稿，未编号）"
    head(document, words["issuer_name"], bold=True)
    head(document, words["subject"])
    line(document, number, center=True)
    line(document, "")
    line(document, f"{words['addressee_name']}：")
    prose(document, words["body"])
    line(document, _reply_by(words), indent=True)
    sign(document, words["issuer_name"], paper.issued_on)
    _write_slip(document, words, number)


def _reply_by(words: Mapping[str, Any]) -> str:
    if words["due_on"] is None:
        return f"答复期限：收到之日起{words['reply_days']}个工作日内。"
    return f"答复期限：{day_in_words(date.fromisoformat(words['due_on']))}前（{words['reply_days']}个工作日）。"


def _write_slip(document: Any, words: Mapping[str, Any], number: str) -> None:
    head(document, "回  执", bold=True).paragraph_format.page_break_before = True
    line(document, "")
    line(document, f"{words['issuer_name']}：")
    line(document, f"你会《{words['subject']}》（{number}）收悉。现将研究处理情况答复如下：", indent=True)
    places = (("答复意见", 7), ("整改措施和完成时间", 4), ("负责人（签字）", 1.4), ("单位（盖章）、日期", 1.8))
    table(document, ((place, "", height) for place, height in places))
    line(document, f"注：{words['kind_name']}的回执请在期限内送达发文单位，或者在管理端答复。", SMALL)


LETTER_DOCUMENT = DocumentKind(
    name="letter", title="一函两书", subject_type="letter", downloaded="letter.download", write=write_letter
)
