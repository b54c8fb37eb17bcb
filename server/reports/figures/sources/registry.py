"""Every source of figures. Another slice of oversight has its figures in forms by one more `Source`."""

from collections.abc import Mapping

from server.reports.figures.sources.awards import AWARDS
from server.reports.figures.sources.letters import LETTERS
from server.reports.figures.sources.notices import NOTICES
from server.reports.figures.sources.quiz import QUIZ
from server.reports.figures.sources.source import Source
from server.reports.figures.sources.training import DRILLS_HELD, TRAINING
from server.reports.figures.sources.visits import VISITS

SOURCES: Mapping[str, Source] = {
    each.prefix: each for each in (QUIZ, NOTICES, TRAINING, DRILLS_HELD, VISITS, LETTERS, AWARDS)
}


def source_of(key: str) -> Source | None:
    """Where a figure is counted, by its key; None for what jobs count beforehand."""
    return next((source for prefix, source in SOURCES.items() if key.startswith(prefix)), None)
