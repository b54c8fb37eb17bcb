"""Reads of quizzes and levels: as plain facts kept for half a minute for those who play, as rows for the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.bank.queries import list_drawable
from server.activities.quiz.levels.drawing.quotas import find_shortages
from server.activities.quiz.levels.models import Opening, Quiz, QuizLevel
from server.activities.quiz.levels.schemas import QUOTAS, QuotaIn
from server.core.errors import NotFound
from server.core.ttl_cache import TtlCache
from server.rewards.draws.queries import is_promised
from server.rewards.prizes.queries import is_ranked
from server.unions.campaigns.queries import get_campaign


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """A level as those who play need it."""

    number: int
    name: str
    opens_at: datetime | None
    seconds: int
    pass_mark: int
    tries_per_day: int
    quotas: tuple[QuotaIn, ...]

    @property
    def questions(self) -> int:
        """How many are asked."""
        return sum(quota.count for quota in self.quotas)


@dataclass(frozen=True, slots=True)
class QuizFacts:
    """A published quiz."""

    id: UUID
    campaign_id: UUID
    name: str
    rules: str
    opens_at: datetime
    closes_at: datetime
    opening: Opening
    levels: tuple[LevelFacts, ...]
    leaderboards: tuple[str, ...]  # that its campaign chose
    lists_absentees: bool  # as its campaign says
    is_archived: bool  # with its campaign: nobody plays it any more

    def level(self, number: int) -> LevelFacts:
        """Raises NotFound."""
        for level in self.levels:
            if level.number == number:
                return level
        raise NotFound("没有这一关。", code="level_not_found")


_RECENT: TtlCache[UUID, QuizFacts] = TtlCache()
_PUBLISHED: TtlCache[None, tuple[UUID, ...]] = TtlCache()


def get_facts(session: Session, quiz_id: UUID) -> QuizFacts:
    """A published quiz, up to 30 s old. Raises NotFound."""
    return _RECENT.get(session, quiz_id, lambda: _read_facts(session, quiz_id))


def list_published(session: Session) -> list[QuizFacts]:
    """Published quizzes, the one that closes last first; up to 30 s old."""
    newest = select(Quiz.id).where(Quiz.published_at.is_not(None)).order_by(Quiz.closes_at.desc()).limit(20)
    ids = _PUBLISHED.get(session, None, lambda: tuple(session.scalars(newest)))
    return [get_facts(session, quiz_id) for quiz_id in ids]


def forget_quizzes() -> None:
    """Read quizzes afresh from now on."""
    _RECENT.forget()
    _PUBLISHED.forget()


def list_quizzes(session: Session) -> Sequence[Quiz]:
    """Every quiz, the newest first."""
    return session.scalars(select(Quiz).order_by(Quiz.created_at.desc())).all()


def list_quizzes_of(session: Session, campaign_id: UUID) -> Sequence[Quiz]:
    """The quizzes of a campaign in their order."""
    return session.scalars(select(Quiz).where(Quiz.campaign_id == campaign_id).order_by(Quiz.id)).all()


def get_quiz(session: Session, quiz_id: UUID) -> Quiz:
    """Raises NotFound."""
    quiz = session.get(Quiz, quiz_id)
    if quiz is None:
        raise NotFound("没有找到这场闯关。", code="quiz_not_found")
    return quiz


def list_levels(session: Session, quiz_id: UUID) -> list[QuizLevel]:
    """By number."""
    statement = select(QuizLevel).where(QuizLevel.quiz_id == quiz_id).order_by(QuizLevel.number)
    return list(session.scalars(statement))


def get_level(session: Session, quiz_id: UUID, number: int) -> QuizLevel:
    """Raises NotFound."""
    level = session.get(QuizLevel, (quiz_id, number))
    if level is None:
        raise NotFound("没有这一关。", code="level_not_found")
    return level


def quotas_of(level: QuizLevel) -> tuple[QuotaIn, ...]:
    """The level's quotas."""
    return QUOTAS.validate_python(level.quotas)


def count_shortages(session: Session, levels: Sequence[QuizLevel]) -> dict[int, list[tuple[QuotaIn, int]]]:
    """By level, the quotas that the bank cannot fill."""
    bank = list_drawable(session)
    return {level.number: find_shortages(quotas_of(level), bank) for level in levels}


def say_what_stands(session: Session, quiz_id: UUID) -> str:
    """Why nothing of the quiz may be changed any more (decision 45); empty while it may."""
    if is_promised(session, quiz_id):
        return "这场闯关已经公布了抽奖，时间、关卡和规则都不能再改。"
    if is_ranked(session, quiz_id):
        return "这场闯关已经按名次评出了奖品，时间、关卡和规则都不能再改。"
    return ""


def _read_facts(session: Session, quiz_id: UUID) -> QuizFacts:
    quiz = session.get(Quiz, quiz_id)
    if quiz is None or quiz.published_at is None:
        raise NotFound("没有找到这场闯关。", code="quiz_not_found")
    levels = tuple(
        LevelFacts(
            each.number,
            each.name,
            each.opens_at,
            each.seconds,
            each.pass_mark,
            each.tries_per_day,
            quotas_of(each),
        )
        for each in list_levels(session, quiz_id)
    )
    campaign = get_campaign(session, quiz.campaign_id)
    return QuizFacts(
        quiz.id, quiz.campaign_id, quiz.name, quiz.rules, quiz.opens_at, quiz.closes_at, quiz.opening, levels,
        tuple(campaign.leaderboards), campaign.lists_absentees, campaign.archived_at is not None,
    )  # fmt: skip
