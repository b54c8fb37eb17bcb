"""The questions that come with the software: one TOML file per statute in data/questions."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from server.activities.quiz.bank.schemas import LETTERS, TRUE_FALSE, QuestionIn

FOLDER = files("server.activities.quiz.bank") / "data" / "questions"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A question of ours. `code` stays when words change; `version` is the statute's date that it was written by."""

    code: str
    version: date
    words: QuestionIn


def read_shipped() -> Iterator[Shipped]:
    """Every question, statute by statute. Raises ValueError naming the code of one that is malformed."""
    for file in sorted(FOLDER.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield from read_statute(file.read_text(encoding="utf-8"))


def read_statute(text: str) -> Iterator[Shipped]:
    """The questions of one file. Raises ValueError naming the code of one that is malformed."""
    sheet = tomllib.loads(text)
    for entry in sheet["questions"]:
        code = entry.pop("code")
        if entry["answer"] in TRUE_FALSE:
            entry["answer"] = LETTERS[TRUE_FALSE.index(entry["answer"])]
        try:
            words = QuestionIn.model_validate({**entry, "statute": sheet["statute"]})
        except ValueError as error:
            raise ValueError(f"{code}: {error}") from error
        yield Shipped(code, date.fromisoformat(sheet["version"]), words)
