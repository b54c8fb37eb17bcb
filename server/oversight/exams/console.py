"""The page of a session's test: what is asked, how it went."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from server.activities.quiz.bank.formats.spellings import DIFFICULTY_NAMES
from server.activities.quiz.bank.queries import list_drawable
from server.activities.quiz.bank.texts import TOPICS
from server.core import clock
from server.core.errors import AppError
from server.core.web.access import requires
from server.core.web.forms import Form, form_values, posted_or_invalid
from server.core.web.unit_of_work import session
from server.oversight.exams import queries, rules
from server.oversight.exams.actions import SETTABLE, drop_exam, set_up_exam
from server.oversight.exams.models import Exam
from server.oversight.exams.schemas import DropIn, ExamIn
from server.oversight.training.queries import leads_for
from server.unions.actor import current_actor

bp = Blueprint("exams_console", __name__, url_prefix="/console/training-exams", template_folder="templates")
DIFFICULTIES = [("", "任意难度"), *DIFFICULTY_NAMES.items()]
NEW = {
    "version": 0, "topics": (), "difficulty": "", "count": 10, "minutes": 20, "pass_mark": 60, "tries": 3,
    "open_hours": 24, "is_required": "true",
}  # fmt: skip
"""What is proposed."""
Page = str | tuple[str, int] | AnyResponse


@bp.get("/<uuid:session_id>")
@requires("training.read")
def show_exam(session_id: UUID) -> str:
    """What is asked and how it went."""
    return _page(session_id)


@bp.post("/<uuid:session_id>")
@requires("training.lead")
def set_up(session_id: UUID) -> Page:
    """Set it up, or otherwise."""
    posted = form_values()
    form = Form(ExamIn, {**posted.to_dict(), "topics": posted.getlist("topics")})
    if form.value is None:
        return _page(session_id, form), 422
    try:
        set_up_exam(session(), session_id, form.value, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        form.errors = dict(error.fields or {})
        return _page(session_id, form, error.message), error.status
    flash("测验已设好。签到的职工在手机“培训”里能看到，快结束时开放。")
    return redirect(f"/console/training-exams/{session_id}", code=303)


@bp.post("/<uuid:session_id>/removal")
@requires("training.lead")
def drop(session_id: UUID) -> Page:
    """Do without one."""
    form = posted_or_invalid(DropIn)
    drop_exam(session(), session_id, form.version, actor=current_actor(), now=clock.now())
    flash("已取消手机测验。")
    return redirect(f"/console/training-exams/{session_id}", code=303)


def _page(session_id: UUID, form: Form[ExamIn] | None = None, message: str = "") -> str:
    actor = current_actor()
    row = queries.get_exam_session(session(), session_id, actor)
    exam = queries.find_exam(session(), row.id)
    begun = queries.is_begun(session(), row.id)
    may_set_up = leads_for(actor, row.organiser_id) is not None and row.status in SETTABLE and not begun
    bank = list_drawable(session())
    return render_template(
        "exams/exam.html", row=row, exam=exam, may_set_up=may_set_up, begun=begun, message=message,
        raw=form.raw if form else _kept(exam), errors=form.errors if form else {}, difficulties=DIFFICULTIES,
        topics=[(topic, sum(each.topic == topic for each in bank)) for topic in TOPICS], in_bank=len(bank),
        figures=queries.read_figures(session(), row.id) if begun else None,
        closes_at=rules.closes_at(row, exam.open_hours) if exam else None,
        asked=_asked(exam) if exam else "",
    )  # fmt: skip


def _kept(exam: Exam | None) -> dict[str, Any]:
    if exam is None:
        return dict(NEW)
    quotas = rules.read_quotas(exam)
    return {
        "version": exam.version, "topics": [quota.topic for quota in quotas if quota.topic],
        "difficulty": quotas[0].difficulty or "", "count": rules.count_questions(exam), "minutes": exam.seconds // 60,
        "pass_mark": exam.pass_mark, "tries": exam.tries, "open_hours": exam.open_hours,
        "is_required": "true" if exam.is_required else "",
    }  # fmt: skip


def _asked(exam: Exam) -> str:
    """“消防安全 4 题、应急救援 3 题”."""
    return "、".join(
        f"{quota.topic or '不限主题'}{f'（{DIFFICULTY_NAMES[quota.difficulty]}）' if quota.difficulty else ''}"
        f" {quota.count} 题"
        for quota in rules.read_quotas(exam)
    )
