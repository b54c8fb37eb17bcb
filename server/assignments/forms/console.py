"""Pages of forms: the list, building one, looking at it as it will be answered, and on paper."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.forms import actions, queries
from server.assignments.forms.building import editing
from server.assignments.forms.building.field_forms import COMMON, OWN, read_field, show_field
from server.assignments.forms.building.posted_answers import as_if_with_files, read_posted
from server.assignments.forms.listing import FORMS
from server.assignments.forms.models import FormRecord
from server.assignments.forms.ports import figure_words
from server.assignments.forms.rules import Checked, check_answers
from server.assignments.forms.schemas import (
    Definition,
    Field,
    FieldKind,
    FormIn,
    ImportIn,
    MoveIn,
    NewFieldQuery,
    NewFormIn,
    PreviewQuery,
    SectionIn,
    SheetKind,
    UnionIn,
    VersionIn,
    possible_answers,
)
from server.assignments.forms.sheets.check_items import sheet_of_check_items
from server.assignments.forms.sheets.importing import read_form
from server.assignments.forms.sheets.xlsform_writing import xlsform_of
from server.assignments.forms.showing.answer_words import words_for_pages
from server.assignments.forms.texts import COLUMN_KINDS, GRADE_CHOICES, KIND_NAMES, RESULT_NAMES, SHEET_NAMES
from server.core import clock
from server.core.errors import AppError, Invalid, NotFound
from server.core.kept_files.files import KeptFile, keep_file, let_in, posted_file
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, form_values, posted_or_invalid, posted_version, query_params
from server.core.web.unit_of_work import session
from server.core.xlsx.parts import MAX_BYTES
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.listing import show_list
from server.unions.actor import current_actor
from server.unions.tree.lookup.traits import trait_names
from server.unions.tree.queries import get_union

bp = Blueprint("forms_console", __name__, url_prefix="/console/forms", template_folder="templates")
IMPORT = "form-import"


@bp.url_value_preprocessor
def _take_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Sheets may be bigger than forms."""
    if endpoint == "forms_console.upload":
        let_in(MAX_BYTES)


@bp.get("")
@requires("form.read")
def forms() -> str:
    """The list."""
    return render_template("forms/list.html", page=show_list(FORMS))


@bp.get("/ledger.xlsx")
@requires("form.read")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(FORMS)


@bp.get("/new")
@requires("form.edit")
def new() -> str:
    """What a new form is called."""
    return _new_page()


@bp.post("/new")
@requires("form.edit")
def create() -> ResponseReturnValue:
    """An empty form."""
    form = form_data(NewFormIn)
    if form.value is None:
        return _new_page(form), 422
    body = FormIn(title=form.value.title, about=form.value.about)
    empty = editing.add_section(Definition(), "第一部分")
    made = actions.create_form(session(), form.value.union, body, empty, actor=current_actor(), now=clock.now())
    flash("已建好，现在一项一项加。")
    return _to(made.id)


@bp.get("/import")
@requires("form.edit")
def show_import() -> str:
    """The upload."""
    return _import_page()


@bp.get("/import/template.xlsx")
@requires("form.edit")
def download_template() -> Response:
    """An empty list of check items."""
    return send_workbook("检查表模板", sheet_of_check_items(Definition()))


@bp.post("/import")
@requires("form.edit")
def upload() -> ResponseReturnValue:
    """A form from a sheet: all of it or nothing."""
    actor = current_actor()
    file = posted_file(IMPORT, actor.person_id, MAX_BYTES)
    body = posted_or_invalid(ImportIn)
    try:
        if file is None:
            raise Invalid("请选择要导入的表格文件。")
        title, definition = read_form(body.kind, file)
        made = actions.create_form(
            session(), body.union, FormIn(title=title), definition, actor=actor, now=clock.now()
        )  # fmt: skip
    except AppError as error:
        if error.status not in (413, 422):
            raise
        session().rollback()
        return _import_page(error, keep_file(IMPORT, actor.person_id, file, MAX_BYTES)), error.status
    flash(f"已导入 {made.field_count} 项，看看对不对。")
    return _to(made.id)


@bp.get("/<uuid:form_id>/<any(items, form):what>.xlsx")
@requires("form.read")
def export(form_id: UUID, what: str) -> Response:
    """The check items as a plain list, or the whole form as XLSForm."""
    found = queries.get_form(session(), form_id, current_actor())
    definition = queries.definition_of(found)
    if what == "items":
        return send_workbook(found.title, sheet_of_check_items(definition))
    sheets = xlsform_of(definition, title=found.title, form_id=str(found.id), version=found.version)
    return send_workbook(f"{found.title}-XLSForm", *sheets)


@bp.get("/<uuid:form_id>")
@requires("form.read")
def form(form_id: UUID) -> str:
    """One form: built by whoever may, else looked at."""
    return _page(form_id)


@bp.post("/<uuid:form_id>")
@requires("form.edit")
def save(form_id: UUID) -> ResponseReturnValue:
    """Another title or purpose."""
    posted, version = form_data(FormIn, drop=("version",)), posted_version()
    if posted.value is None:
        return _page(form_id, posted), 422
    actions.edit_form(session(), form_id, version, posted.value, actor=current_actor(), now=clock.now())
    flash("已保存。")
    return _to(form_id)


@bp.post("/<uuid:form_id>/copy")
@requires("form.edit")
def copy(form_id: UUID) -> AnyResponse:
    """A form of one's own with the same fields."""
    union_id = posted_or_invalid(UnionIn).union
    made = actions.copy_form(session(), form_id, union_id, actor=current_actor(), now=clock.now())
    flash("已复制，可以改了。")
    return _to(made.id)


@bp.post("/<uuid:form_id>/<any(retire, resume):what>")
@requires("form.edit")
def set_in_use(form_id: UUID, what: str) -> AnyResponse:
    """Lay it aside, or take it up again."""
    version, is_active = posted_or_invalid(VersionIn).version, what == "resume"
    actions.set_in_use(session(), form_id, version, is_active=is_active, actor=current_actor(), now=clock.now())
    flash("已恢复使用。" if is_active else "已停用，在“已停用”里还能找到。")
    return _to(form_id)


# --- parts ------------------------------------------------------------------------------------------------------------


@bp.post("/<uuid:form_id>/sections")
@requires("form.edit")
def add_section(form_id: UUID) -> AnyResponse:
    """One more part."""
    body = posted_or_invalid(SectionIn)
    return _change(form_id, body.version, lambda form: editing.add_section(form, body.title))


@bp.post("/<uuid:form_id>/sections/<key>")
@requires("form.edit")
def save_section(form_id: UUID, key: str) -> AnyResponse:
    """Another title or intro."""
    body = posted_or_invalid(SectionIn)
    changes = body.model_dump(exclude={"version"})
    return _change(form_id, body.version, lambda form: editing.change_section(form, key, **changes), key)


@bp.post("/<uuid:form_id>/sections/<key>/move")
@requires("form.edit")
def move_section(form_id: UUID, key: str) -> AnyResponse:
    """Up or down."""
    body = posted_or_invalid(MoveIn)
    return _change(form_id, body.version, lambda form: editing.move_section(form, key, body.steps), key)


@bp.post("/<uuid:form_id>/sections/<key>/remove")
@requires("form.edit")
def remove_section(form_id: UUID, key: str) -> AnyResponse:
    """Without it and its fields."""
    body = posted_or_invalid(VersionIn)
    return _change(form_id, body.version, lambda form: editing.remove_section(form, key))


# --- fields -----------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:form_id>/fields/new")
@requires("form.edit")
def new_field(form_id: UUID) -> str:
    """A field of the kind in the address, at the end of a part."""
    wanted, found = query_params(NewFieldQuery), queries.get_own_form(session(), form_id, current_actor())
    return _field_page(found, wanted.section, wanted.kind, "", {"required": True}, {})


@bp.get("/<uuid:form_id>/fields/<key>")
@requires("form.edit")
def field(form_id: UUID, key: str) -> str:
    """One field, to be changed."""
    found = queries.get_own_form(session(), form_id, current_actor())
    definition = queries.definition_of(found)
    shown = editing.field_of(definition, key)
    return _field_page(found, editing.section_of(definition, key).key, shown.kind, key, show_field(shown), {})


@bp.post("/<uuid:form_id>/fields")
@requires("form.edit")
def save_field(form_id: UUID) -> ResponseReturnValue:
    """Add a field, or change the one with the key that was posted."""
    raw, wanted, version = form_values().to_dict(), posted_or_invalid(NewFieldQuery), posted_version()
    key = raw.get("key", "")

    def put(definition: Definition) -> Definition:
        before = editing.field_of(definition, key) if key else None
        new_key = key or editing.new_field_key(definition)
        return editing.put_field(definition, wanted.section, read_field(wanted.kind, new_key, raw, before))

    try:
        actions.change_definition(session(), form_id, version, put, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        found = queries.get_form(session(), form_id, current_actor())
        is_of_input = error.fields.keys() <= {*COMMON, *OWN.get(wanted.kind, ()), "condition"}
        errors = error.fields if is_of_input else {}
        return _field_page(found, wanted.section, wanted.kind, key, raw, errors, error.message), error.status
    if raw.get("again"):
        return redirect(f"/console/forms/{form_id}/fields/new?section={wanted.section}&kind={wanted.kind}", code=303)
    return _to(form_id, wanted.section)


@bp.post("/<uuid:form_id>/fields/<key>/move")
@requires("form.edit")
def move_field(form_id: UUID, key: str) -> AnyResponse:
    """Up or down within its part."""
    body = posted_or_invalid(MoveIn)
    return _change(form_id, body.version, lambda form: editing.move_field(form, key, body.steps), key)


@bp.post("/<uuid:form_id>/fields/<key>/remove")
@requires("form.edit")
def remove_field(form_id: UUID, key: str) -> AnyResponse:
    """Without it."""
    body = posted_or_invalid(VersionIn)
    return _change(form_id, body.version, lambda form: editing.remove_field(form, key))


# --- looking ----------------------------------------------------------------------------------------------------------


@bp.get("/<uuid:form_id>/preview")
@requires("form.read")
def preview(form_id: UUID) -> str:
    """The form as it will be answered, to be tried out."""
    return _preview(form_id, {}, {}, Checked(), None)


@bp.post("/<uuid:form_id>/preview")
@requires("form.read")
def try_out(form_id: UUID) -> str:
    """Say what would be wrong with what was filled in. Nothing is kept."""
    definition = queries.definition_of(queries.get_form(session(), form_id, current_actor()))
    answers, skipped = read_posted(definition, form_values())
    checked = check_answers(definition, as_if_with_files(definition, answers), skipped, final=True)
    return _preview(form_id, answers, skipped, checked, not checked.errors)


@bp.get("/<uuid:form_id>/paper")
@requires("form.read")
def paper(form_id: UUID) -> str:
    """The form on paper, to be filled in by hand."""
    found = queries.get_form(session(), form_id, current_actor())
    return render_template(
        "forms/paper.html", form=found, definition=queries.definition_of(found),
        union=get_union(session(), found.union_id), possible=possible_answers, results=RESULT_NAMES,
    )  # fmt: skip


# --- pages ------------------------------------------------------------------------------------------------------------


def _to(form_id: UUID, place: str = "") -> AnyResponse:
    return redirect(f"/console/forms/{form_id}{f'#{place}' if place else ''}", code=303)


def _change(form_id: UUID, version: int, change: Any, place: str = "") -> AnyResponse:
    try:
        actions.change_definition(session(), form_id, version, change, actor=current_actor(), now=clock.now())
    except Invalid as error:
        session().rollback()
        flash(error.message, "danger")
    return _to(form_id, place)


def _import_page(error: AppError | None = None, kept: KeptFile | None = None) -> str:
    """What is wrong with the rows of a sheet stands by their numbers."""
    wrong = error.fields if error is not None and error.code == "rows_refused" else {}
    faults = [{"number": number, "words": wrong[str(number)]} for number in sorted(map(int, wrong))]
    return render_template(
        "forms/import.html", owners=queries.list_owners(session(), current_actor()), kinds=SHEET_NAMES, kept=kept,
        message=error.message if error else None, faults=faults,
        chosen=form_values().get("kind", SheetKind.CHECK_ITEMS), max_megabytes=MAX_BYTES // 1024 // 1024,
    )  # fmt: skip


def _new_page(form: Form[NewFormIn] | None = None) -> str:
    return render_template(
        "forms/new.html", form=form, owners=queries.list_owners(session(), current_actor())
    )  # fmt: skip


def _page(form_id: UUID, posted: Form[FormIn] | None = None) -> str:
    actor = current_actor()
    found = queries.get_form(session(), form_id, actor)
    return render_template(
        "forms/form.html", form=found, definition=queries.definition_of(found), posted=posted,
        may_edit=queries.may_edit(actor, found), owners=queries.list_owners(session(), actor),
        union=get_union(session(), found.union_id), kinds=KIND_NAMES, words_of=_condition_words,
        trait_names=trait_names,
    )  # fmt: skip


def _condition_words(definition: Definition, asked: Field) -> str:
    if asked.shown_if is None:
        return ""
    other = editing.field_of(definition, asked.shown_if.field)
    return f"“{other.label}”是“{possible_answers(other)[asked.shown_if.equals]}”时才问"


def _field_page(
    found: FormRecord, section: str, kind: FieldKind, key: str, shown: dict[str, Any], errors: dict[str, str],
    message: str | None = None,
) -> str:  # fmt: skip
    definition = queries.definition_of(found)
    if section not in {each.key for each in definition.sections}:
        raise NotFound
    conditions = [("", "总是问")]
    for other in definition.fields():
        if other.key == key:
            break
        conditions += [
            (f"{other.key}={value}", f"{other.label}：{words}") for value, words in possible_answers(other).items()
        ]
    return render_template(
        "forms/field.html", form=found, section=section, kind=kind, kind_name=KIND_NAMES[kind], key=key, shown=shown,
        errors=errors, message=None if errors else message, own=OWN.get(kind, ()), conditions=conditions,
        column_kinds="、".join(COLUMN_KINDS), grades=GRADE_CHOICES,
        figures=[(each.key, f"{each.name}：{each.meaning}") for each in figure_words()],
    )  # fmt: skip


def _preview(
    form_id: UUID, answers: dict[str, Any], skipped: dict[str, str], checked: Checked, is_right: bool | None
) -> str:
    found = queries.get_form(session(), form_id, current_actor())
    return render_template(
        "forms/preview.html", form=found, definition=queries.definition_of(found), answers=answers, skipped=skipped,
        errors=checked.errors, is_right=is_right, view=query_params(PreviewQuery).view, **words_for_pages(),
    )  # fmt: skip
