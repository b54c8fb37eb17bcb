"""Whatever form is refused, and why ever: what somebody wrote into it comes back."""

import html
import io
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import Workbook
from werkzeug.routing import Rule

from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.kept_files.files import KEPT_UNDER
from server.core.kept_files.jobs import remove_expired
from server.core.storage.base import ObjectStore
from server.core.web.schemas import In
from tests.architecture.test_text import shapes, texts
from tests.support.callers import Desk, InProcess
from tests.support.world import Someone, World

NOBODY = UUID(int=0)
SECRET = {"version", "password", "again", "current", "enrolment", "next", "username", "code", "after", "q", "key"}
TAKEN = {
    "/console/jobs/dead/retry",
    f"/console/questions/{NOBODY}/approve",
    "/console/lists/queue/filters",
    "/console/locations/codes",
    f"/console/filters/{NOBODY}",
    "/console/messages/read",
    "/console/queue/preview",
    "/console/rectifications/rechecks/picked",
    "/console/systems/choice/shipped",
}
"""Go back to a list that says why not: buttons without words, and a name that the message repeats; or keep nothing."""

FILES = (
    "/console/import",
    "/console/questions/import",
    "/console/drills/plans/import",
    "/evidence/",
)  # what they take is no words
SIGN_IN = ("/console/sign-in", "/console/sign-out", "/console/account")
embedded = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@cache
def written() -> dict[str, str]:
    """Words for every text field of every shape that there is, once the application is loaded."""
    names = {
        name
        for shape in shapes(In)
        for name, field in shape.model_fields.items()
        if list(texts(field.annotation, tuple(field.metadata)))
    }
    return {name: f"写了很久的话，{name}，请勿丢失" for name in sorted(names - SECRET)}


class Fields(HTMLParser):
    """What stands in the text fields of a page, by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "textarea":
            self.area = name
            self.found[name] = ""
        elif tag == "input" and given.get("type", "text") == "text":
            self.found[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area


def forms(app: Flask) -> list[str]:
    """The address of every form of the console; ids in it are nobody's."""
    found = {_address(rule) for rule in app.url_map.iter_rules() if _takes_forms(rule)}
    return sorted(path for path in found if path not in FILES and FILES[-1] not in path)


def _takes_forms(rule: Rule) -> bool:
    return "POST" in (rule.methods or ()) and rule.rule.startswith("/console") and not rule.rule.startswith(SIGN_IN)


def _address(rule: Rule) -> str:
    path = re.sub(r"<any\(([a-z_-]+)[^>]*>", r"\1", rule.rule)
    path = re.sub(r"<uuid:[^>]+>", str(NOBODY), path)
    return re.sub(r"<[^>]+>", "1", path)


def lost(page: str) -> list[str]:
    """Words that were sent and stand nowhere on the page, where it is the error page; else those of its own fields."""
    if "data-error-message" in page:
        shown_words = html.unescape(page)
        return [words for words in written().values() if words not in shown_words]
    fields = Fields(page).found
    shown = {name: fields[name].strip() for name in written() if name in fields}
    return [name for name, words in shown.items() if words != written()[name]] or ([] if shown else ["everything"])


@pytest.mark.slow("sends every form that there is")
@embedded
def test_a_form_without_its_token_comes_back_whole(
    app: Flask, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    desk = desk_of(world.people.admin)
    for path in forms(app):
        answer = desk.transport.send("POST", path, fields=written())
        assert answer.status >= 400, path
        assert lost(answer.text) == [], path


@pytest.mark.slow("sends every form that there is")
@embedded
def test_a_form_sent_after_the_session_ended_comes_back_whole(app: Flask) -> None:
    desk = Desk(InProcess(app))
    for path in forms(app):
        answer = desk.post(path, written())
        assert answer.status >= 400, path
        next_steps = answer.text.partition('class="actions"')[2].partition("</div>")[0]
        assert answer.status != 401 or next_steps.count("btn-primary") == 1, f"{path}: first of all, sign in"
        assert lost(answer.text) == [], path


@pytest.mark.slow("sends every form that there is")
@embedded
def test_a_form_about_what_is_gone_or_not_right_comes_back_whole(
    app: Flask, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    faults = {}
    for who in (world.people.admin, world.people.enterprise_reviewer):
        desk = desk_of(who)
        for path in forms(app):
            answer = desk.post(path, written())
            missing = lost(answer.text) if answer.status >= 400 else [] if path in TAKEN else ["taken"]
            if missing:
                faults[path] = (answer.status, missing)
    assert not faults, "\n".join(f"{k} {v}" for k, v in faults.items())


def _sheet(*rows: list[str]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(content)
    return content.getvalue()


PEOPLE = ("/console/import", {"kind": "people"}, _sheet(["姓名", "手机"], ["张一", "13800000001"]))
QUESTIONS = (
    "/console/questions/import",
    {"topic": "消防安全"},
    _sheet(["题干", "题型", "选项A", "选项B", "正确答案"], ["见到明火先做什么？", "单选", "报警", "拍照", "A"]),
)


@embedded
@pytest.mark.parametrize(("path", "right", "content"), [PEOPLE, QUESTIONS], ids=["people", "questions"])
def test_the_file_of_a_refused_form_need_not_be_chosen_again_for_an_hour_by_who_sent_it(
    path: str,
    right: dict[str, str],
    content: bytes,
    desk_of: Callable[[Someone], Desk],
    world: World,
    time_machine: Any,
    database: Database,
    object_store: ObjectStore,
) -> None:
    desk, other = desk_of(world.people.admin), desk_of(world.people.city_reviewer)
    refused = desk.post(path, dict.fromkeys(right, "x"), files={"file": ("名单.xlsx", content, "application/zip")})
    assert refused.status == 422
    assert "已选：名单.xlsx" in refused.text
    token = re.findall(r'name="kept_file" value="([^"]+)"', refused.text)[0]
    assert desk.post(path, {**right, "kept_file": token}).status in (200, 303)
    assert other.post(path, {**right, "kept_file": token}).status in (403, 422)
    assert desk.post(path, {**right, "kept_file": f"{token}x"}).status == 422
    time_machine.move_to(clock.now() + timedelta(minutes=61))
    later = desk_of(world.people.admin).post(path, {**right, "kept_file": token})
    assert "请选择要导入的" in later.text
    remove_expired(JobContext(database.settings, database, object_store))
    assert list(object_store.objects(KEPT_UNDER)) == []
