"""What schemes of assessment may count of letters: whether enterprises answered, and in time."""

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share
from server.oversight.letters.models import Letter, LetterStatus
from server.oversight.letters.queries import OUT

REPLIED = Letter.status == LetterStatus.REPLIED


def _count(session: Session, asked: Asked, counts: ColumnElement[bool]) -> Counted:
    fell_due = Letter.status.in_(OUT), Letter.due_at <= asked.now
    over, under = session.execute(
        select(func.count(case((counts, 1))), func.count()).where(
            *fell_due, asked.is_below(Letter), asked.is_within(Letter.issued_at)
        )
    ).one()
    return share(over, under, asked.href("/console/letters"))


INDICATORS = (
    Indicator(
        key="letter_replies", name="意见书、建议书答复率", source=OutcomeSource.LETTERS, measure=Measure.PERCENT,
        meaning="本期发给辖区企业、已到答复期限的文书里，企业有答复的占多少。没到期限的、撤回的不算。",
        count=lambda session, asked: _count(session, asked, REPLIED),
    ),
    Indicator(
        key="letter_replies_in_time", name="意见书、建议书按时答复率", source=OutcomeSource.LETTERS,
        measure=Measure.PERCENT,
        meaning="本期发给辖区企业、已到答复期限的文书里，企业在期限内答复的占多少。没到期限的、撤回的不算。",
        count=lambda session, asked: _count(session, asked, and_(REPLIED, Letter.replied_on <= Letter.due_on)),
    ),
)  # fmt: skip
