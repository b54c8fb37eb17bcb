"""The dispatch page (调度): what is overdue in one's scope, and the same as an Excel sheet."""

from flask import Blueprint, Response, render_template, send_file

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.core.web.access import requires
from server.core.web.unit_of_work import aside, peek, session
from server.kit.scope import union_choices
from server.review.escalation.filters import FLAG_TEXTS, KIND_TEXTS, DispatchFilter
from server.review.escalation.permissions import MAY_READ
from server.review.escalation.queries import count_overdue, list_overdue, walk_overdue
from server.review.escalation.workbook import MAX_ROWS, write_workbook
from server.review.submissions.campaign_facts import current_campaign
from server.unions.actor import current_actor
from server.unions.forms import asked, link

bp = Blueprint("escalation_console", __name__, url_prefix="/console", template_folder="templates")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/dispatch")
@requires("escalation.read")
def dispatch() -> str:
    """What is overdue, the longest first."""
    filters, actor = asked(DispatchFilter), current_actor()
    page = list_overdue(session(), actor, filters, clock.now())
    grades = current_campaign(session()).grades
    return render_template(
        "escalation/dispatch.html",
        page=page,
        filters=filters,
        kinds=[(kind.value, text) for kind, text in KIND_TEXTS.items()],
        flags=[(flag.value, text) for flag, text in FLAG_TEXTS.items()],
        grades=[(str(grade), name) for grade, name in grades.items()],
        unions=[
            (each.value, "　" * each.depth + each.text)
            for each in union_choices(session(), actor, MAY_READ, filters.union)
        ],
        next_href=link(".dispatch", filters, after=page.next_cursor) if page.next_cursor else None,
        first_href=link(".dispatch", filters) if filters.after else None,
        sheet_href=link(".sheet", filters),
        is_filtered=filters != DispatchFilter(after=filters.after),
        href_of=lambda union_id: link(".dispatch", filters.model_copy(update={"union": union_id})),
    )


@bp.get("/dispatch.xlsx")
@requires("escalation.read")
def sheet() -> Response:
    """The whole list of the filter. Raises Conflict above MAX_ROWS. On record."""
    filters, actor, now = asked(DispatchFilter), current_actor(), clock.now()
    with peek() as reader:
        count = count_overdue(reader, actor, filters)
        if count > MAX_ROWS:
            text = f"共 {count} 条，一次最多导出 {MAX_ROWS} 条，请先筛选单位或等级。"
            raise Conflict(text, code="too_many_rows")
        content = write_workbook(walk_overdue(reader, actor, filters, now))
    with aside() as writer:
        record(
            writer, "escalation.export", subject_type="person", subject_id=actor.person_id, actor_id=actor.person_id,
            at=now, detail={"rows": count},
        )  # fmt: skip
    name = f"逾期调度 {clock.in_shanghai(now):%Y-%m-%d}.xlsx"
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)
