"""Rounds that take turns, their medians, and the table of them."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bench_parts.wrk import BenchError

Measure = Callable[[int], Mapping[str, float]]


@dataclass
class Series:
    """The rounds of one thing measured: per round a value for each figure (req_s, cpu_ms, p50_ms …)."""

    name: str
    rounds: list[Mapping[str, float]] = field(default_factory=list)

    def values(self, figure: str) -> list[float]:
        return [each[figure] for each in self.rounds if figure in each]

    def median(self, figure: str) -> float:
        return statistics.median(self.values(figure))

    def report(self) -> dict[str, Any]:
        """Median, least and greatest of every figure."""
        figures = sorted({figure for each in self.rounds for figure in each})
        return {
            figure: {
                "median": self.median(figure),
                "min": min(self.values(figure)),
                "max": max(self.values(figure)),
                "rounds": self.values(figure),
            }
            for figure in figures
        }


def take_turns(measures: Mapping[str, Measure], rounds: int, say: Callable[[str], None]) -> dict[str, Series]:
    """Measure everything once per round, one after the other, so that what disturbs one round disturbs all of it.

    Round 0 warms up and does not count, nor does what is refused in it: PostgreSQL's pool is empty then, and lets no
    more than twenty wait while it connects. A measure gets the number of the round.
    """
    series = {name: Series(name) for name in measures}
    for number in range(rounds + 1):
        say(f"round {number} of {rounds}" if number else "warming up")
        for name, measure in measures.items():
            if number:
                series[name].rounds.append(measure(number))
            else:
                with suppress(BenchError):
                    measure(number)
    return series


def ratio(ours: Series, yardstick: Series, figure: str = "req_s") -> float:
    """The median of the rounds' ratios: both of a round ran within seconds of each other."""
    return statistics.median(
        mine / theirs for mine, theirs in zip(ours.values(figure), yardstick.values(figure), strict=True)
    )


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as a Markdown table; numbers to three digits."""
    lines = [header, ["---"] * len(header), *[[_cell(cell) for cell in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
