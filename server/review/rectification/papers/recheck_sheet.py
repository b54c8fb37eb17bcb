"""隐患整改复查意见单: what the recheck found, for both sides to sign. Of a reporter who said that it is right, or is
not, it says the day and no name."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from server.core.clock import day_in_words, day_of
from server.core.errors import AppError, Conflict
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.kit.documents.papers.layout import head, line, sign, table, titled_pictures
from server.kit.documents.queries import list_documents
from server.review.rectification.history.standing import VERDICTS, without_undone
from server.review.rectification.models import RecheckWay, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.moves.parties import CHECKER
from server.review.rectification.papers.issuing import RectificationPaper, photo_words, photos_of
from server.review.rectification.papers.notice import NOTICE
from server.review.rectification.texts import WAY_TEXTS
from server.review.rectification.workflow import Context
from server.unions.people.models import Person
from server.unions.tree.models import Union

TITLE = "隐患整改复查意见单"
DATED = (Move.OPEN, Move.UPHOLD, Move.GRANT_EXTENSION, Move.SEND_BACK, Move.REOPEN)
"""What gives a deadline."""


def _standing(context: Context) -> list[RectificationStep]:
    of_it = select(RectificationStep).where(RectificationStep.rectification_id == context.row.id)
    return without_undone(context.session.scalars(of_it.order_by(RectificationStep.id)))


def _latest(
    steps: Sequence[RectificationStep], moves: Collection[Move], before: RectificationStep | None = None
) -> RectificationStep | None:
    fitting = (each for each in reversed(steps) if before is None or each.id < before.id)
    return next((each for each in fitting if each.move in moves), None)


def _refuse_before_a_recheck(context: Context) -> AppError | None:
    if _latest(_standing(context), VERDICTS) is not None:
        return None
    return Conflict("还没有复查过，复查以后再开具复查意见单。", code="not_now")


def _words_of(context: Context) -> dict[str, Any]:
    """The last recheck, and what it looked at."""
    session, steps = context.session, _standing(context)
    verdict = _latest(steps, VERDICTS)
    if verdict is None:
        raise LookupError(context.row.id)
    work = _latest(steps, (Move.SUBMIT,), before=verdict)
    batch = (work.data or {}).get("evidence_id") if work is not None else None
    data = verdict.data or {}
    by_reporter = bool(data.get("by_reporter"))
    union = session.get(Union, verdict.union_id) if verdict.union_id is not None else None
    is_right = verdict.move is Move.CLOSE
    due_at = None if is_right else datetime.fromisoformat(data["due_at"])
    return {
        "due_on": _asked_until(context, _latest(steps, DATED, before=verdict)),
        "notices": [each.number for each in list_documents(session, NOTICE.kind, context.row.id)],
        "answer": (work.text if work is not None else None) or "",
        "rechecked_on": day_of(verdict.at).isoformat(),
        "way": "报告人反馈" if by_reporter else WAY_TEXTS[RecheckWay(data["way"])] if "way" in data else "",
        "checker": "报告人" if by_reporter else session.get_one(Person, verdict.actor_id).name or "",
        "checking_union": union.name if union is not None else "",
        "is_right": is_right,
        "found": verdict.text or "",
        "again_until": day_of(due_at).isoformat() if due_at is not None else None,
        "after": [photo_words(each) for each in photos_of(context) if batch and str(each.batch_id) == batch],
    }


def _asked_until(context: Context, dated: RectificationStep | None) -> str:
    """The deadline that stood when it was said to be done: the recheck gives a new one, or none."""
    data = dated.data if dated is not None else None
    return day_of(datetime.fromisoformat(data["due_at"]) if data else context.row.first_due_at).isoformat()


def _write(document: Any, paper: Paper) -> None:
    """Add the sheet, the photos of before and after, and the places to sign."""
    words = paper.words
    head(document, words["issuer_name"], bold=True)
    head(document, TITLE)
    line(document, paper.number or "", center=True)
    line(document, f"{words['addressee_name']}：")
    line(document, "对你单位下列隐患的整改进行了复查，意见如下：", indent=True)
    by = "，".join(filter(None, (words["checker"], words["checking_union"])))
    rows = (
        ("隐患编号", words["hazard_number"]),
        ("地点", words["place"]),
        ("类别、等级", "，".join(filter(None, (words["category"], words["grade"])))),
        ("隐患情况", words["description"]),
        ("整改建议", words["measures"]),
        ("整改通知单", "、".join(words["notices"])),
        ("整改期限", f"{_day(words['due_on'])}前"),
        ("整改情况", words["answer"]),
        ("复查日期", _day(words["rechecked_on"])),
        ("复查方式", words["way"]),
        ("复查人", by),
        ("复查情况", words["found"]),
        ("复查结论", _conclusion(words)),
    )
    table(document, [(name, text or "—", 0.9) for name, text in rows])
    sign(document, words["issuer_name"], paper.issued_on)
    shown = (("整改前", paper.pictures_of("photos")), ("整改后", paper.pictures_of("after")))
    titled_pictures(document, "照片", shown)
    line(document, "")
    places = (("复查人（签名）、日期", 1.6), ("被复查单位意见", 2.6), ("负责人（签名、盖章）、日期", 1.8))
    table(document, [(place, "", height) for place, height in places])


def _conclusion(words: Any) -> str:
    if words["is_right"]:
        return "已整改到位，予以销号。"
    return f"尚未整改到位，建议在{_day(words['again_until'])}前继续整改，并报告结果。"


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))


RECHECK_SHEET = RectificationPaper(
    name="recheck",
    kind=DocumentKind(
        name="recheck_sheet", title=TITLE, subject_type="rectification",
        downloaded="rectification.download_recheck_sheet", write=_write,
    ),
    word="隐复",
    action="rectification.issue_recheck_sheet",
    party=CHECKER,
    refuse=_refuse_before_a_recheck,
    words_of=_words_of,
    label="复查意见单",
    offer="开具意见单",
    empty="还没有开具。意见单写明最近一次复查的情况、结论和整改前后的照片，双方签名。",
)  # fmt: skip
