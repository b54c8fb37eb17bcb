"""Pages of a run: how far it is, who ranks where, its moves and papers."""

from io import BytesIO
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import AppError, NotFound
from server.core.sheets import Sheet
from server.core.web.access import requires
from server.core.web.forms import Form, form_data
from server.core.web.unit_of_work import session
from server.kit.documents.files.downloads import answer_file
from server.kit.documents.files.store import DOCX
from server.kit.documents.papers.kinds import Paper, render
from server.kit.draws.samples import publish
from server.kit.exports.ledgers.sending import note_export
from server.kit.exports.ledgers.workbooks import send_workbook
from server.kit.scope import union_names
from server.kit.workflow import offers, perform
from server.oversight.assessment.document import ASSESSMENT_DOCUMENT
from server.oversight.assessment.engine.scoring import ROUNDING
from server.oversight.assessment.models import Assessment, AssessmentMove, AssessmentStatus, SchemeVersion
from server.oversight.assessment.queries import PUBLIC, get_run, read_progress, scheme_of, shows_all
from server.oversight.assessment.running.papers import (
    MOST_ON_PAPER,
    RANK_COLUMNS,
    RECOMMENDED_COLUMNS,
    Group,
    rank_groups,
    ranking_words,
    recommended,
    recommended_words,
)
from server.oversight.assessment.running.rescoring import require_scored
from server.oversight.assessment.schemas import ReasonIn, UntilIn, VersionIn
from server.oversight.assessment.texts import STATUS_NAMES, say
from server.oversight.assessment.workflow import ASSESSMENTS
from server.unions.actor import current_actor

bp = Blueprint("runs", __name__)
M = AssessmentMove
FORMS: dict[AssessmentMove, type[VersionIn]] = {
    M.COUNT: VersionIn, M.DRAW: VersionIn, M.SUM: VersionIn, M.OPEN_OBJECTIONS: UntilIn, M.PUBLISH: UntilIn,
    M.FINALISE: VersionIn, M.ARCHIVE: VersionIn, M.ASK_CANCEL: ReasonIn, M.KEEP: VersionIn, M.CANCEL: ReasonIn,
}  # fmt: skip
PAPER_NAMES = {
    "ranking": "汇总排名表", "recommended": "推荐汇总表", "scores": "考核评分表", "feedback": "反馈单",
    "approval": "推荐审批表",
}  # fmt: skip
SHOWN, SHOWN_IN_PUBLIC = 20, 200
"""Of each group on the page; the list has all of them."""
BETWEEN = (AssessmentStatus.COUNTING, AssessmentStatus.SUMMING, AssessmentStatus.CANCELLED)
NEEDS_DAY, NEEDS_REASON = (M.OPEN_OBJECTIONS, M.PUBLISH), (M.ASK_CANCEL, M.CANCEL)


@bp.get("/<uuid:run_id>")
@requires("assessment.read")
def run(run_id: UUID) -> str:
    """One run."""
    return _page(run_id)


@bp.post("/<uuid:run_id>/<move>")
@requires("assessment.assess")
def make_move(run_id: UUID, move: str) -> ResponseReturnValue:
    """Make a move. Refused, the page comes again with the reason."""
    if move not in FORMS:
        raise NotFound
    chosen = AssessmentMove(move)
    posted = form_data(FORMS[chosen])
    if posted.value is None:
        return _page(run_id, posted=posted), 422
    try:
        perform(ASSESSMENTS, session(), run_id, chosen, actor=current_actor(), now=clock.now(), form=posted.value)
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _page(run_id, posted=posted, message=error.message), error.status
    flash(ASSESSMENTS.find(chosen).done)
    return redirect(f"/console/assessments/{run_id}", code=303)


@bp.get("/<uuid:run_id>/ranking.xlsx")
@requires("assessment.schemes")
def ranking(run_id: UUID) -> Response:
    """汇总排名表."""
    found, groups = _ranked(run_id)
    rows = [row for group in groups for row in group.rows]
    title = f"{found.title}汇总排名表"
    return send_workbook(title, Sheet("汇总排名表", RANK_COLUMNS, rows, heading=(title, ROUNDING)))


@bp.get("/<uuid:run_id>/recommended.xlsx")
@requires("assessment.schemes")
def recommended_sheet(run_id: UUID) -> Response:
    """推荐汇总表."""
    found, groups = _ranked(run_id)
    title = f"{found.title}推荐汇总表"
    rows = recommended(groups)
    return send_workbook(title, Sheet("推荐汇总表", RECOMMENDED_COLUMNS, rows, heading=(title,), is_numbered=True))


@bp.get("/<uuid:run_id>/<any(ranking, recommended):what>.docx")
@requires("assessment.schemes")
def paper(run_id: UUID, what: str) -> Response:
    """The same on paper."""
    found, groups = _ranked(run_id, MOST_ON_PAPER + 1 if what == "recommended" else MOST_ON_PAPER)
    write = ranking_words if what == "ranking" else recommended_words
    return answer_file(
        make_paper(found.id, write(found, groups, issuer_of(found))), DOCX, f"{found.title}{PAPER_NAMES[what]}.docx"
    )


@bp.get("/<uuid:run_id>/draw.json")
@requires("assessment.schemes")
def draw_file(run_id: UUID) -> Response:
    """What anybody computes the draw again with."""
    found = _whole(run_id)
    note_export(current_actor().person_id, "考核抽查的抽签文件", len(found.entrants), clock.now(), name="抽签文件")
    content = orjson.dumps(publish(found, "units"), option=orjson.OPT_INDENT_2)
    headers = {"Content-Disposition": f"attachment; filename=assessment-draw-{found.id}.json"}
    return Response(content, mimetype="application/json", headers=headers)


def issuer_of(found: Assessment) -> str:
    """What the union is called that assesses."""
    return union_names(session(), {found.sender_id})[found.sender_id].name


def make_paper(run_id: UUID, words: dict[str, Any]) -> BytesIO:
    """A paper as a Word file; that it was handed out is on record."""
    now = clock.now()
    content = render(ASSESSMENT_DOCUMENT, [Paper(words, issued_on=clock.day_of(now))])
    record(
        session(), ASSESSMENT_DOCUMENT.downloaded, subject_type=ASSESSMENT_DOCUMENT.subject_type, subject_id=run_id,
        actor_id=current_actor().person_id, at=now, detail={"form": "docx"},
    )  # fmt: skip
    return BytesIO(content)


def _whole(run_id: UUID) -> Assessment:
    """A run for whoever sees all of it. Raises NotFound."""
    actor = current_actor()
    found = get_run(session(), run_id, actor)
    if not shows_all(session(), found, actor):
        raise NotFound
    return found


def _ranked(run_id: UUID, most: int | None = None) -> tuple[Assessment, list[Group]]:
    found = _whole(run_id)
    require_scored(found)
    return found, rank_groups(session(), found, scheme_of(session(), found), most=most)


def _page(run_id: UUID, *, posted: Form[Any] | None = None, message: str = "") -> str:
    """Whoever was assessed sees the ranks once they are public: of those with a result above the lowest, as no name is
    to be pilloried."""
    actor, now = current_actor(), clock.now()
    found = get_run(session(), run_id, actor)
    scheme, is_whole = scheme_of(session(), found), shows_all(session(), found, actor)
    groups = []
    if not found.is_rescoring and (is_whole or found.status in PUBLIC):
        most = SHOWN if is_whole else SHOWN_IN_PUBLIC
        groups = rank_groups(session(), found, scheme, most=most, banded=not is_whole)
    version = session().get_one(SchemeVersion, found.scheme_version_id)
    return render_template(
        "assessment/run.html", run=found, scheme=scheme, scheme_version=version, is_whole=is_whole, groups=groups,
        progress=read_progress(session(), found) if is_whole else None, issuer=issuer_of(found),
        status_name=STATUS_NAMES[found.status], posted=posted, message=message,
        moves=offers(ASSESSMENTS, session(), found, actor=actor, now=now) if is_whole else (), needs_day=NEEDS_DAY,
        needs_reason=NEEDS_REASON, questions=ASSESSMENTS.questions(), say=say, rounding=ROUNDING,
        steps=[name for status, name in STATUS_NAMES.items() if status not in BETWEEN],
    )  # fmt: skip
