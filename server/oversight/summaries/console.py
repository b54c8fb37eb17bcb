"""Pages of closing reports: those that were sent down, what came back compiled, and its papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.queries import names_of_recipients, sends_for
from server.assignments.excerpts.queries import Passage, form_of, list_picked
from server.assignments.forms.actions import create_form
from server.assignments.forms.ports import Wanted
from server.assignments.forms.queries import list_owners
from server.assignments.forms.schemas import Definition, FormIn, UnionIn
from server.assignments.rollup.counting.accepted import (
    Reported,
    Total,
    add_up_accepted,
    chart_of,
    lists_behind,
    read_reported,
)
from server.assignments.rollup.counting.kept_totals import find_totals
from server.assignments.rollup.workbook import accepted_sheets
from server.core import clock
from server.core.audit.actions import record
from server.core.web.access import requires
from server.core.web.forms import form_data, posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.documents.files.downloads import answer_file
from server.kit.documents.files.store import DOCX
from server.kit.documents.papers.kinds import Paper, render
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.files.serving.reading import read_file
from server.kit.scope import union_names
from server.oversight.summaries.document import SUMMARY_DOCUMENT, title_of, words_of
from server.oversight.summaries.queries import get_summary, list_summaries, period_of, ready_form
from server.oversight.summaries.schemas import CompileIn
from server.photos.pictures.keys import Variant
from server.unions.actor import current_actor

SHOWN_WITHIN, MOST_PICTURES = 20, 60
bp = Blueprint("summaries_console", __name__, url_prefix="/console/summaries", template_folder="templates")


@bp.get("")
@requires("summary.read")
def summaries() -> str:
    """The ready form, and the latest that were sent."""
    actor = current_actor()
    return render_template(
        "summaries/list.html", sent=list_summaries(session(), actor), form=ready_form(),
        owners=list_owners(session(), actor),
    )  # fmt: skip


@bp.post("/form")
@requires("assignment.send")
def copy_form() -> AnyResponse:
    """A form of the union's own, made of the ready one."""
    union_id = posted_or_invalid(UnionIn, "请选择给哪个工会用。").union
    about = "总结：数字由系统统计，文字由各单位写。"
    made = create_form(
        session(), union_id, FormIn(title="总结", about=about), ready_form(), actor=current_actor(), now=clock.now()
    )
    flash("已做成您的表单，可以改；改好以后点“要一次总结”。")
    return redirect(f"/console/forms/{made.id}", code=303)


@bp.get("/<uuid:assignment_id>")
@requires("summary.read")
def summary(assignment_id: UUID) -> str:
    """What came back, together."""
    actor = current_actor()
    kept = find_totals(session(), assignment_id)
    found = _compile(assignment_id, kept.totals)
    within = list(found.reported.within.items())[:SHOWN_WITHIN]
    return render_template(
        "summaries/summary.html", compiled=found, title=title_of(found.assignment.title),
        within=_say_within(within), counted_at=kept.counted_at, behind=_lists_behind(found),
        may_pick=sends_for(actor, found.assignment.sender_id),
    )  # fmt: skip


@bp.post("/<uuid:assignment_id>/<any(report, brief):what>")
@requires("summary.read")
def paper(assignment_id: UUID, what: str) -> Response:
    """The compiled report as a Word file, or one page of it, with what is picked."""
    actor, now = current_actor(), clock.now()
    found, body = _compile(assignment_id), form_data(CompileIn).require()
    sender_id = found.assignment.sender_id
    words = words_of(
        found.assignment.title, found.reported, found.totals, found.picked, chart=chart_of(session(), found.totals),
        issuer=union_names(session(), [sender_id])[sender_id].name, addressee=body.addressee, is_brief=what == "brief",
    )  # fmt: skip
    pictures = {} if what == "brief" else _read_pictures(found)
    content = render(SUMMARY_DOCUMENT, [Paper(words, issued_on=clock.day_of(now), pictures=pictures)])
    record(
        session(), SUMMARY_DOCUMENT.downloaded, subject_type=SUMMARY_DOCUMENT.subject_type, subject_id=assignment_id,
        actor_id=actor.person_id, at=now, detail={"form": "docx"},
    )  # fmt: skip
    name = words["title"] + ("（简报）" if what == "brief" else "")
    return answer_file(BytesIO(content), DOCX, f"{name}.docx")


@bp.get("/<uuid:assignment_id>/table.xlsx")
@requires("summary.read")
def workbook(assignment_id: UUID) -> Response:
    """汇总表: every union with its numbers, then those of all together."""
    found = get_summary(session(), assignment_id, current_actor())
    form, reported = form_of(session(), found), read_reported(session(), found)
    totals = add_up_accepted(session(), found, form, reported, clock.now())
    title = f"{found.title} 汇总表"
    return send_workbook(title, *accepted_sheets(session(), found, form, reported, totals, title))


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the accepted reports say together, and what is picked of them, by part of the form."""

    assignment: Assignment
    form: Definition
    reported: Reported
    totals: Sequence[Total]
    picked: Mapping[str, Sequence[Passage]]


def _compile(assignment_id: UUID, kept: Sequence[Total] | None = None) -> Compiled:
    """With the totals that are kept, or those of the answers as they are now."""
    found = get_summary(session(), assignment_id, current_actor())
    form, reported = form_of(session(), found), read_reported(session(), found)
    picked = list_picked(session(), found, form, reported)
    totals = add_up_accepted(session(), found, form, reported, clock.now()) if kept is None else kept
    return Compiled(found, form, reported, totals, picked)


def _lists_behind(found: Compiled) -> dict[str, str]:
    """Where the rows are that figures of all units count now; what units handed in is frozen."""
    since, until = period_of(found.assignment)
    wanted = Wanted(found.assignment.sender_id, found.assignment.campaign_id, since, until)
    return lists_behind(found.form, wanted, clock.now())


def _say_within(pairs: Sequence[tuple[UUID, UUID]]) -> list[tuple[str, str]]:
    """(who is counted already, by whom)."""
    units = names_of_recipients(session(), [each for each, _ in pairs])
    names = union_names(session(), {above for _, above in pairs})
    return [(units[each], names[above].name) for each, above in pairs]


def _read_pictures(found: Compiled) -> dict[str, bytes]:
    """The photos that are picked and can be shown, as many as a file takes."""
    photos = [photo for part in found.picked.values() for each in part for photo in each.photos if photo.is_shown]
    pictures, store = {}, current_app.extensions["object_store"]
    for photo in photos[:MOST_PICTURES]:
        with read_file(store, photo, Variant.DISPLAY) as content:
            pictures[str(photo.id)] = content.read()
    return pictures
