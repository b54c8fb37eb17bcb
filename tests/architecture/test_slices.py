"""What has to be said of every slice is said by the slice: nothing reaches people that none of them declares."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask

from server import wiring
from server.console.help.queries import HANDBOOK, NEWS, chapters
from server.core.db import Base
from server.core.slice import AuditWords, MenuEntry, Section, Slice, combine, declared, entry_at
from server.core.web.access import permission_of
from server.kit.filters import CampaignFilter
from server.review.submissions.models import Kind, Move
from tests.support.sources import ROOT, named, server_modules, server_nodes

ROOMS = {"models.py", "api.py", "console.py", "jobs.py", "permissions.py", "subscriptions.py"}


def test_every_folder_with_a_room_is_a_slice_that_declares_itself() -> None:
    folders = {path.parent for path, _ in server_modules() if path.name in ROOMS and path.parent.parent != ROOT}
    names = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert names - set(wiring.SLICES) == set()
    assert [name for name in wiring.SLICES if find_spec(f"{name}.slice") is None] == []


NOBODYS_JOB = {
    "account", "exports", "files", "help", "messages", "screen", "search", "sign-in", "union-choices"
}  # fmt: skip
"""Pages that belong to every job or to none: they light no entry of the navigation."""


def test_every_page_lights_the_entry_of_its_job(app: Flask) -> None:
    pages = [
        rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console/") and "GET" in (rule.methods or ())
    ]
    strays = {page.rule.split("/")[2] for page in pages if entry_at(page.rule) is None and "." not in page.rule[-5:]}
    assert strays == NOBODYS_JOB


def test_every_entry_of_the_navigation_leads_to_a_page(app: Flask) -> None:
    adapter = app.url_map.bind("")
    assert declared().menu
    for entry in declared().menu:
        adapter.match(entry.path, method="GET")  # raises if there is none


def test_every_todo_leads_to_a_page_and_says_how_many(app: Flask) -> None:
    adapter = app.url_map.bind("")
    assert len({todo.name for todo in declared().todos}) == len(declared().todos) > 0
    for todo in declared().todos:
        adapter.match(todo.path.partition("?")[0], method="GET")
        assert todo.words.format(3) != todo.words
        assert entry_at(todo.path.partition("?")[0]) is not None, f"{todo.path} has no number in the navigation"


def test_whatever_is_written_into_the_audit_log_is_declared_with_its_words(app: Flask) -> None:
    words = declared().audit
    written = {text for _, text in _literal_arguments()}
    assert {action for action in written if action not in words.actions} == set()


def test_whatever_a_row_of_the_audit_log_tells_is_declared_with_its_words(app: Flask) -> None:
    assert {key for key in _literal_details() if key not in declared().audit.details} == set()


def test_every_status_that_a_workflow_logs_has_words_for_the_audit_log(app: Flask) -> None:
    statuses = declared().audit.statuses
    for workflow in declared().workflows:
        kind = workflow.prefix if workflow.prefix in statuses else workflow.subject
        assert {*workflow.statuses} - statuses[kind].keys() == set(), workflow.prefix


def test_every_move_of_a_submission_has_words_for_the_audit_log(app: Flask) -> None:
    assert {f"submission.{move}" for move in Move} - set(declared().audit.actions) == set()


OWNERS = {Kind.HAZARD: "server/activities/hazards/", Kind.SUGGESTION: "server/activities/suggestions/"}


def test_a_kind_of_submission_is_named_in_its_own_slice_only() -> None:
    """So that a new kind is one file and its pages: all else asks `review/submissions/kinds/registry.py`."""
    strangers = [
        f"{named(path)}:{node.lineno}"
        for path, node in server_nodes(r"\bKind\.")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Kind"
        and node.attr in Kind.__members__ and not named(path).startswith(OWNERS[Kind[node.attr]])
    ]  # fmt: skip
    assert strangers == []


@pytest.mark.parametrize("kind", Kind)
def test_no_template_asks_which_kind_of_submission_it_shows(kind: Kind) -> None:
    asks = re.compile(rf"""\bkind *(==|!=|in)[^%}}]*["']{kind.value}["']""")
    templates = (ROOT / "server").rglob("templates/**/*.html")
    assert [named(path) for path in templates if asks.search(path.read_text())] == []


def test_two_slices_cannot_declare_the_same_page_or_word() -> None:
    page = MenuEntry(Section.QUIZ, 10, "题库", "book", "/console/questions")
    words = AuditWords(actions={"quiz.created": "新建竞赛"})
    for twice in (Slice(menu=(page,)), Slice(audit=words)):
        with pytest.raises(ValueError, match="twice"):
            combine([twice, twice])


def test_entries_stand_in_the_order_of_sections_and_positions() -> None:
    late = MenuEntry(Section.SETTINGS, 10, "活动设置", "calendar", "/b")
    early, middle = (
        MenuEntry(Section.TO_DO, 20, "队列", "inbox", "/a"),
        MenuEntry(Section.TO_DO, 30, "整改", "tool", "/c"),
    )
    assert combine([Slice(menu=(late, middle)), Slice(menu=(early,))]).menu == (early, middle, late)


def test_every_list_of_what_belongs_to_a_campaign_is_narrowed_by_the_one_that_is_chosen(app: Flask) -> None:
    """Its filters have the campaign if, and only if, its rows have; whose table has the column names it."""
    has = {
        each.name: (each.campaign is not None, issubclass(each.filters, CampaignFilter)) for each in declared().lists
    }
    assert {name for name, (by_rows, by_filters) in has.items() if by_rows is not by_filters} == set()
    columns = {each.name for each in declared().lists if "campaign_id" in each.table.c}
    assert {name for name in columns if not has[name][0]} == set()


def test_every_file_that_a_page_hands_out_is_declared(app: Flask) -> None:
    """As the ledger of a list, or among the exports of its slice: so that none leaves the house unseen."""
    views: dict[tuple[str, str], set[str]] = {}
    for endpoint, view in app.view_functions.items():
        views.setdefault((view.__module__, view.__name__), set()).add(endpoint)
    ledgers = {f"{each.path}/ledger.xlsx" for each in declared().lists if getattr(each, "sheet", ())}
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    handing_out = set[str]().union(*(views.get(at, {".".join(at)}) for at in _functions_that(HANDS_OUT)))
    others = {endpoint for endpoint in handing_out if rules.get(endpoint) not in ledgers}
    kit = ("server.kit.exports.", "server.kit.documents.", "server.kit.files.", "server.kit.enterprise_sheets.")
    assert {each for each in others if not each.startswith(kit)} == declared().exports.keys()
    assert ledgers <= set(rules.values())


def test_every_list_is_searched_and_narrowed_by_days_and_unions_or_says_why_not(app: Flask) -> None:
    """`lacks` of a Listing has the reasons; that the fields stand on the page is tried in the lists' own tests."""
    ways = {"search": {"q", "subject"}, "days": {"since"}, "union": {"union"}}
    for listing in declared().lists:
        fields = listing.filters.model_fields.keys()
        missing = {way for way, names in ways.items() if not names & fields}
        assert missing == set(listing.lacks), listing.name
        assert all(listing.lacks.values()), listing.name


def test_whatever_the_search_finds_is_a_list_that_its_page_shows_by_the_same_permission(app: Flask) -> None:
    """Else somebody would find, or be told the number of, what they may not list."""
    adapter = app.url_map.bind("")
    assert len({each.position for each in declared().searches}) == len(declared().searches) > 0
    for each in declared().searches:
        endpoint, _ = adapter.match(each.listing.path, method="GET")
        assert permission_of(app, endpoint) == each.permission
        assert each.listing in declared().lists
        assert each.listing.visible is None, "what is left out after it was read would be counted"


HANDS_OUT = re.compile(
    r"\bas_attachment=|attachment;"
    r"|\b(?:send_workbook|send_book|send_ledger|send_template|answer_sheet|answer_file|send_docx|send_pdf)\("
)


def _functions_that(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Module and name of the functions, those within others too, in whose body the pattern is found."""
    for path, text in server_modules():
        if pattern.search(text):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
            for node in functions:
                if pattern.search("\n".join(ast.unparse(line) for line in node.body)):
                    yield module, node.name


def _literal_arguments() -> Iterator[tuple[str, str]]:
    """Where and what: the action in each call of `record` and `new_entry` that spells it out."""
    places = {"record": 1, "_record": 1, "new_entry": 0}
    for path, node in server_nodes(r"\b(?:_?record|new_entry)\("):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wanted = places.get(node.func.id)
            if wanted is not None and len(node.args) > wanted:
                yield from ((named(path), each) for each in _texts(node.args[wanted]))


LOGS = {"record", "_record", "new_entry", "append_step", "StepData"}


def _literal_details() -> Iterator[str]:
    """The keys of the details that are spelt out where something is logged, or kept for it under their name."""
    for _, node in server_nodes(rf"\b(?:{'|'.join(LOGS)}|detail)\b"):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in LOGS:
            for argument in node.keywords:
                if argument.arg in {"detail", "data"}:
                    yield from _keys(argument.value)
        elif isinstance(node, ast.Assign) and any(getattr(each, "id", "") == "detail" for each in node.targets):
            yield from _keys(node.value)


def _keys(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Dict):
            yield from (key.value for key in each.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


HANDLED_BY = re.compile(r"(_by_id|^by_id|^actor_id|^author_id|^account_id)$")


def test_every_row_that_names_a_person_is_declared_as_theirs_or_tells_who_handled_it(app: Flask) -> None:
    """Else it would neither be handed out to them nor forgotten with them."""
    theirs = {personal.model.__tablename__ for personal in declared().personal}
    undeclared = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.c
        if any(key.column.table.name == "people" for key in column.foreign_keys)
        and table.name not in theirs
        and not HANDLED_BY.search(column.name)
    ]
    assert undeclared == []


def test_what_is_declared_of_personal_rows_fits_their_tables(app: Flask) -> None:
    for personal in declared().personal:
        named_columns = {*personal.hidden, *personal.blanked, *personal.struck}
        assert named_columns <= set(personal.model.__table__.c.keys()), personal.model
        assert personal.title or not personal.is_counted, personal.model


def test_whatever_is_counted_in_working_days_is_counted_anew_when_the_calendar_comes(app: Flask) -> None:
    """Else it stays on a date that turned out to be a day off. Letters print theirs: it is frozen (decision 47)."""
    recounted = {deadline.column.class_.__module__.rpartition(".")[0] for deadline in declared().deadlines}
    storing = {
        _slice_of(path)
        for path, node in server_nodes(r"\bdue_after\b")
        if isinstance(node, ast.Assign) and any(isinstance(each, ast.Attribute) for each in _targets(node))
        and any(isinstance(call, ast.Name) and call.id == "due_after" for call in ast.walk(node.value))
    }  # fmt: skip
    elsewhere = {"server.review.decisions"}  # of submissions
    assert storing - recounted - elsewhere == {"server.oversight.letters"}


def _slice_of(path: Path) -> str:
    """The slice in whose folder, or in a sub-folder of which, the file lies; else its folder."""
    folders = [".".join(folder.relative_to(ROOT).parts) for folder in path.parents if folder.is_relative_to(ROOT)]
    return next((name for name in folders if name in wiring.SLICES), folders[0])


def _targets(node: ast.Assign) -> Iterator[ast.expr]:
    for target in node.targets:
        yield from target.elts if isinstance(target, ast.Tuple) else (target,)


def test_every_page_of_the_menu_has_its_chapter_in_the_handbook_and_a_hint_for_the_first_visit() -> None:
    headings = {chapter.heading for chapter in chapters(HANDBOOK)}
    assert [entry.path for entry in declared().menu if entry.handbook not in headings or not entry.hint] == []


def test_the_news_stand_under_their_days_the_latest_first() -> None:
    days = [date.fromisoformat(chapter.heading) for chapter in chapters(NEWS)]
    assert days == sorted(set(days), reverse=True)
