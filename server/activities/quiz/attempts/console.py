"""The page on which a person judges what looks like a program."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.activities.quiz.attempts.listing import SIGNALS, SignalFilter
from server.activities.quiz.attempts.schemas import VerdictIn
from server.activities.quiz.attempts.signals.judging import KIND_TEXTS, VERDICT_TEXTS, judge_signal
from server.core import clock
from server.core.web.access import requires
from server.core.web.forms import form_data, posted_or_invalid
from server.core.web.unit_of_work import session
from server.kit.filters import read_filters
from server.kit.listing import show_list
from server.kit.selections import FIELDS, decide_each, picked_of_list
from server.unions.actor import current_actor

bp = Blueprint("attempts_console", __name__, url_prefix="/console/quiz-signals", template_folder="templates")


@bp.get("")
@requires("quiz.judge")
def signals() -> str:
    """What waits for a verdict, or what was judged."""
    return render_template("attempts/signals.html", page=show_list(SIGNALS), kinds=KIND_TEXTS, verdicts=VERDICT_TEXTS)


@bp.post("/picked")
@requires("quiz.judge")
def judge_picked() -> Response:
    """One verdict with one reason on several."""
    body, actor, now = form_data(VerdictIn, drop=FIELDS).require(), current_actor(), clock.now()
    selection = picked_of_list(SIGNALS)
    decided = decide_each(
        session(), selection.rows, lambda row: judge_signal(session(), row.id, body, actor=actor, now=now)
    )
    words = "已记录 {} 条，成绩保留。" if body.verdict == "dismissed" else "已记录 {} 条，这些成绩作废。"
    flash(selection.say(decided.say(words)), "error" if decided.refusals else "success")
    return redirect(SIGNALS.href(read_filters(SignalFilter).to_query()), code=303)


@bp.post("/<uuid:signal_id>")
@requires("quiz.judge")
def judge(signal_id: UUID) -> Response:
    """Dismiss or confirm, with the reason."""
    body = posted_or_invalid(VerdictIn)
    judge_signal(session(), signal_id, body, actor=current_actor(), now=clock.now())
    flash("已记录，成绩保留。" if body.verdict == "dismissed" else "已记录，这次成绩作废。")
    return redirect(SIGNALS.href(read_filters(SignalFilter).to_query()), code=303)
