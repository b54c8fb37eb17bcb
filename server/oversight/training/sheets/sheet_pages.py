"""Pages of paper sheets: a workbook comes in, near matches are reviewed, lines are kept."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.kept_files.files import let_in, posted_file
from server.core.web.access import requires
from server.core.web.forms import Form, form_values
from server.core.web.unit_of_work import session
from server.oversight.training import queries
from server.oversight.training.sheets.reading import keep_sheet, review
from server.oversight.training.sheets.shapes import MOST_LINES, LineIn
from server.oversight.training.workflow import require_leader, require_open
from server.unions.actor import current_actor
from server.unions.imports.sheets.workbook import MAX_BYTES

bp = Blueprint("sheets", __name__, url_prefix="/<uuid:session_id>/sheet")
FORM = "training_sheet"


@bp.url_value_preprocessor
def _take_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Sheets may be bigger than forms."""
    let_in(MAX_BYTES)
    request.max_form_parts = MOST_LINES * (len(LineIn.model_fields) + 1)


@bp.post("")
@requires("training.lead")
def upload(session_id: UUID) -> ResponseReturnValue:
    """Read a workbook and show whom its lines may mean."""
    actor = current_actor()
    row = queries.get_session(session(), session_id, actor)
    require_leader(row, actor)
    require_open(row)
    file = posted_file(FORM, actor.person_id, MAX_BYTES)
    if file is None:
        raise Invalid("请选择签到表的 Excel 文件。", code="no_file")
    try:
        lines = review(session(), row, file.content)
    except AppError as error:
        flash(error.message, "error")
        return redirect(f"/console/training/{session_id}#people", code=303)
    return render_template("training/sheet.html", row=row, lines=lines)


@bp.post("/lines")
@requires("training.lead")
def keep(session_id: UUID) -> ResponseReturnValue:
    """Keep the lines that were taken."""
    kept = keep_sheet(session(), session_id, _posted_lines(), actor=current_actor(), now=clock.now())
    flash(f"已登记 {kept.added} 人。" + (f"{len(kept.known)} 人名单里已经有了，没有重复登记。" if kept.known else ""))
    return redirect(f"/console/training/{session_id}#people", code=303)


def _posted_lines() -> list[LineIn]:
    """Fields are called name.3, person.3 and so on; the box of what is taken as well."""
    rows: dict[int, dict[str, str]] = {}
    for key, value in form_values().items():
        name, _, number = key.partition(".")
        if name in LineIn.model_fields and number.isascii() and number.isdigit() and len(number) < 5:
            rows.setdefault(int(number), {})[name] = value
    if len(rows) > MOST_LINES:
        raise Invalid(f"一次最多 {MOST_LINES} 行。", code="too_many_rows")
    plain = [{name: value for name, value in row.items() if value or name != "person"} for row in rows.values()]
    return [Form(LineIn, row).require() for row in plain]
