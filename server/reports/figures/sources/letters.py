"""Letters (一函两书) that unions of the subtree sent."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.forms.ports import Wanted
from server.kit.filters import within_days
from server.oversight.letters.models import Letter, LetterStatus
from server.oversight.letters.queries import OUT
from server.oversight.letters.texts import KIND_NAMES
from server.reports.figures.schemas import Counts
from server.reports.figures.sources.source import Source, address, below
from server.reports.figures.texts import FigureText

_FIGURES = (
    FigureText("issued", "一函两书发出", "本期发出的提示函、意见书、建议书，下级发的也算，不分活动；撤回的不算。"),
    *(FigureText(kind.value, f"{name}发出", f"其中的{name}。", depth=1) for kind, name in KIND_NAMES.items()),
    FigureText("replied", "一函两书答复", "本期发出的里面，单位已经答复的。", depth=1),
)


def _count(session: Session, wanted: Wanted) -> Counts:
    """Issued by unions of the subtree, to whomever."""
    statement = (
        select(Letter.kind, Letter.status, func.count())
        .where(Letter.issuer_id.in_(below(session, wanted)), Letter.status.in_(OUT))
        .where(*within_days(Letter.issued_at, wanted))
        .group_by(Letter.kind, Letter.status)
    )
    counts = {each.name: 0 for each in _FIGURES}
    for kind, status, count in session.execute(statement):
        for name in ("issued", kind.value, *(("replied",) if status is LetterStatus.REPLIED else ())):
            counts[name] += count
    return Counts(counts)


def _list(name: str, wanted: Wanted) -> str:
    """Those of these unions and days that the reader may see."""
    narrowed = {"replied": {"status": "replied"}, "issued": {}}.get(name, {"kind": name})
    return address("/console/letters", wanted, by="issuer", **narrowed)


LETTERS = Source("letters_", "", _FIGURES, _count, _list)
