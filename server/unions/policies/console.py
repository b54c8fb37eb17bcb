"""Pages of the privacy policy: writing and publishing it, and every version for everybody."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from server.core import clock
from server.core.db import settings_of
from server.core.errors import AppError
from server.core.web.access import public, requires
from server.core.web.forms import Form, form_data, posted_version, query_params
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor
from server.unions.policies import actions
from server.unions.policies.models import PolicyVersion
from server.unions.policies.queries import describe_policy, find_draft, get_policy
from server.unions.policies.schemas import PolicyIn, PolicyQuery
from server.unions.policies.texts import SECTIONS

bp = Blueprint("policies_console", __name__, template_folder="templates")
TEXTS = (*SECTIONS, "processor", "contact")
HINTS = {
    "collected": "一行一条：收集什么，用来做什么。",
    "seen_by": "一行一条。",
    "third_parties": "一行一条：第三方的名称，给它什么，用来做什么。没有的写“没有”。",
    "retention": "一行一条：哪些信息存多久。",
    "rights": "一行一条：怎么查看、更正、下载、删除，怎么不再同意。",
}


@bp.get("/privacy")
@public
def read() -> str:
    """A version, for everybody."""
    return render_template("policies/public.html", policy=describe_policy(session(), query_params(PolicyQuery).version))


@bp.get("/console/policy")
@requires("policy.edit")
def edit() -> str:
    """The draft, or the present version to begin one from; and what was published."""
    return _page()


@bp.post("/console/policy")
@requires("policy.edit")
def save() -> Response | tuple[str, int]:
    """Keep the draft."""
    form, version = form_data(PolicyIn, drop=("version",)), posted_version()
    if form.value is None:
        return _page(form, version), 422
    try:
        actions.save_draft(session(), form.value, version=version, actor=current_actor(), now=clock.now())
    except AppError as error:
        session().rollback()
        return _page(form, version, error.message), error.status
    flash("草稿已保存，还没有发布。")
    return redirect("/console/policy", code=303)


@bp.post("/console/policy/publication")
@requires("policy.edit")
def publish() -> Response:
    """Make the draft the policy."""
    policy = actions.publish_policy(session(), version=posted_version(), actor=current_actor(), now=clock.now())
    flash(f"{policy.name} 版隐私说明已发布。", "success")
    return redirect("/console/policy", code=303)


@bp.post("/console/policy/removal")
@requires("policy.edit")
def drop() -> Response:
    """Throw the draft away."""
    actions.drop_draft(session(), version=posted_version(), actor=current_actor(), now=clock.now())
    flash("草稿已删除。")
    return redirect("/console/policy", code=303)


def _page(form: Form[PolicyIn] | None = None, version: int | None = None, message: str | None = None) -> str:
    draft = find_draft(session())
    return render_template(
        "policies/edit.html",
        shown=form.raw if form is not None else _shown(draft),
        errors=form.errors if form is not None else {},
        message=message,
        version=version if version is not None else draft.version if draft is not None else 0,
        draft=draft,
        current=describe_policy(session()),
        sections=SECTIONS,
        hints=HINTS,
    )


def _shown(draft: PolicyVersion | None) -> dict[str, Any]:
    """What the form begins with. What a new version changes is always said anew."""
    source, settings = draft or get_policy(session()), settings_of(session())
    texts = {name: getattr(source, name) for name in TEXTS}
    texts["processor"] = texts["processor"] or settings.organisation_name
    texts["contact"] = texts["contact"] or settings.privacy_contact
    new = {"changes": "", "widens": ""}
    return texts | (new if draft is None else {"changes": draft.changes, "widens": "true" if draft.widens else "false"})
