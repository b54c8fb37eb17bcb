"""Pages of background jobs."""

from typing import Annotated
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from server.console.jobs.listing import JOBS
from server.console.jobs.texts import STATE_TEXTS
from server.core import clock
from server.core.jobs import queries
from server.core.jobs.actions import discard_job, retry_dead, retry_job
from server.core.jobs.registry import title_of
from server.core.web.access import requires
from server.core.web.forms import posted_or_invalid
from server.core.web.schemas import In, Line
from server.core.web.unit_of_work import session
from server.kit.listing import show_list
from server.unions.actor import current_actor

bp = Blueprint("jobs_console", __name__, url_prefix="/console", template_folder="templates")


class RetryIn(In):
    """Which kind of job starts over; every kind if it is left out."""

    name: Annotated[Line, StringConstraints(max_length=100)] = ""


@bp.get("/jobs")
@requires("job.manage")
def list_jobs() -> str:
    """Jobs of one state by page, with what comes round by the clock."""
    page = show_list(JOBS)
    return render_template(
        "jobs/list.html",
        page=page,
        state=page.filters.state,
        states=STATE_TEXTS,
        title_of=title_of,
        periodic=queries.list_periodic(session()),
    )


@bp.post("/jobs/dead/retry")
@requires("job.manage")
def retry_all_dead() -> ResponseReturnValue:
    """Let all that failed, or all of one kind, start over."""
    count = retry_dead(
        session(), posted_or_invalid(RetryIn).name or None, actor_id=current_actor().person_id, now=clock.now()
    )
    flash(f"已让 {count} 个任务重新排队。" if count else "没有这样的失败任务了。", "ok")
    return redirect(url_for("jobs_console.list_jobs"), 303)


@bp.post("/jobs/<uuid:job_id>/retry")
@requires("job.manage")
def retry(job_id: UUID) -> ResponseReturnValue:
    """Let it start over at once."""
    retry_job(session(), job_id, actor_id=current_actor().person_id, now=clock.now())
    flash("已重新排队，几秒内会再试一次。", "ok")
    return redirect(url_for("jobs_console.list_jobs"), 303)


@bp.post("/jobs/<uuid:job_id>/discard")
@requires("job.manage")
def discard(job_id: UUID) -> ResponseReturnValue:
    """Remove it for good."""
    discard_job(session(), job_id, actor_id=current_actor().person_id, now=clock.now())
    flash("已丢弃这个任务。", "ok")
    return redirect(url_for("jobs_console.list_jobs"), 303)
