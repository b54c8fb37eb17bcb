"""Leaderboards and figures of the quiz."""

from server.core.slice import MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.QUIZ, 30, "答题数据", "chart-line", "/console/quiz-figures"),),
)
