"""What about an attempt looks like a program's. Pure; thresholds are meant to be seldom met by people."""

from collections.abc import Mapping
from itertools import pairwise
from statistics import mean, pstdev
from typing import Any

from server.activities.quiz.attempts.models import SignalKind

FAST_MS = 1_500  # a question, on average: reading one aloud takes ten times as long
FEW_RIGHT = 80  # points below which haste helps nobody
EVEN_SHARE = 0.05  # of the mean pause
FEWEST_PAUSES = 7


def find_signals(answers: Mapping[str, Any], total: int, score: int, duration_ms: int) -> list[tuple[SignalKind, str]]:
    """Kinds of signals that an attempt gives, each with words for the person who judges."""
    found = []
    if total and score >= FEW_RIGHT and duration_ms < FAST_MS * total:
        found.append((SignalKind.TOO_FAST, f"{total} 题用时 {duration_ms / 1000:.1f} 秒，得 {score} 分"))
    moments = sorted(saved[1] for saved in answers.values())
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    if len(pauses) >= FEWEST_PAUSES and mean(pauses) > 0 and pstdev(pauses) < EVEN_SHARE * mean(pauses):
        found.append((SignalKind.EVEN_PACE, f"每题间隔几乎相同，平均 {mean(pauses) / 1000:.2f} 秒"))
    return found
