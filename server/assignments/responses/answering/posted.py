"""What the console's page of a task posts, and what the page shows: what was typed, beside what is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from server.assignments.forms.building.posted_answers import read_posted
from server.assignments.forms.rules import check_answers
from server.assignments.forms.schemas import Definition
from server.assignments.forms.showing.answer_words import say_answer
from server.assignments.responses.answering.answer_files import name_files
from server.assignments.responses.queries import Task
from server.assignments.responses.rules import Content, changed_paths
from server.assignments.responses.schemas import FORMLESS
from server.core.text import clean_prose
from server.kit.files.models import AttachedFile

Posted = MultiDict[str, str]
EMPTY = "空着"


@dataclass(slots=True)
class Shown:
    """An answer on the page, right or not. `others`: what a colleague saved meanwhile where it differs, in words."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    skipped: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    version: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    others: Mapping[str, str] = field(default_factory=dict)


def shown_draft(task: Task) -> Shown:
    """The answer as it is kept."""
    draft = task.draft
    if draft is None:
        return Shown(task.start)
    return Shown(draft.answers, draft.skipped, draft.text, draft.version)


def read_shown(task: Task, posted: Posted, files: Mapping[str, Sequence[AttachedFile]]) -> Shown:
    """What was typed, with the photos and files that were added beside it."""
    version = posted.get("version", "")
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    shown = Shown(text=posted.get("text", ""), version=int(version) if is_number else 0)
    if task.form is not None:
        answers, shown.skipped = read_posted(task.form, posted)
        name_files(task.form, answers, files)
        shown.answers = answers
    return shown


def fields_of(shown: Shown) -> dict[str, Any]:
    """What `schemas.ResponseIn` takes."""
    return {
        "version": shown.version,
        "answers": dict(shown.answers),
        "skipped": dict(shown.skipped),
        "text": shown.text,
    }


def beside_saved(task: Task, shown: Shown) -> Shown:
    """What was typed, with what somebody else saved meanwhile beside it; saved again, it stands."""
    saved = shown_draft(task)
    shown.others = {key: _say(task.form, saved, key) for key in changed_paths(readable(task, shown), saved)}
    shown.version = saved.version
    return shown


def readable(task: Task, shown: Shown) -> Content:
    """What was typed as it would be kept, without what is wrong."""
    if task.form is None:
        return Content(text=shown.text)
    checked = check_answers(task.form, shown.answers, shown.skipped, final=False)
    return Content(checked.answers, checked.skipped, clean_prose(shown.text))


def notes_of(task: Task, shown: Shown) -> dict[str, list[tuple[str, str]]]:
    """What stands beside fields and parts: (kind of notice, words)."""
    notes: dict[str, list[tuple[str, str]]] = {}
    for path, words in task.remarks.items():
        notes.setdefault(path.partition(".")[0], []).append(("warn", f"要改：{words}"))
    for key, words in shown.others.items():
        notes.setdefault(key, []).append(("info", f"现在保存的是：{words}"))
    return notes


def _say(form: Definition | None, saved: Shown, key: str) -> str:
    if key == FORMLESS:
        return saved.text or EMPTY
    if key in saved.skipped:
        return f"不涉及：{saved.skipped[key]}"
    asked = next((each for each in form.fields() if each.key == key), None) if form is not None else None
    return (say_answer(asked, saved.answers.get(key)) if asked is not None else "") or EMPTY
