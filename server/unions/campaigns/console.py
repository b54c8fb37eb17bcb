"""The campaign's settings: name, period, activities, grades, categories."""

import re
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from server.core import clock
from server.core.errors import AppError, Conflict
from server.core.web.access import requires
from server.core.web.unit_of_work import peek, session
from server.unions.actor import current_actor
from server.unions.campaigns import actions
from server.unions.campaigns.queries import get_current_campaign
from server.unions.campaigns.schemas import ACTIVITY_NAMES, GRADES, CampaignIn
from server.unions.forms import Form

bp = Blueprint("campaigns_console", __name__, url_prefix="/console", template_folder="templates")

Answer = str | tuple[str, int] | Response
_ROW = re.compile(r"category-(\d{1,3})-name")


@bp.get("/campaigns")
@requires("campaign.edit")
def show_campaign() -> Answer:
    """The current campaign's settings."""
    return _page(None, {}, None, 200)


@bp.post("/campaigns")
@requires("campaign.edit")
def edit_campaign() -> Answer:
    """Save the settings."""
    form = Form(CampaignIn, _nested(request.form))
    version = request.form.get("version", "")
    if form.value is None:
        return _page(form.raw, form.errors, form.errors.get("body"), 422)
    if not re.fullmatch(r"\d{1,9}", version):
        raise Conflict
    try:
        actions.update_campaign(
            session(),
            get_current_campaign(session()).id,
            form.value,
            version=int(version),
            actor_id=current_actor().person_id,
            now=clock.now(),
        )
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _page(form.raw, error.fields, error.message, error.status)
    flash("活动设置已保存。")
    return make_response(redirect(url_for(".show_campaign"), 303))


def _nested(posted: MultiDict[str, str]) -> dict[str, Any]:
    """The flat form as the shape of CampaignIn. Rows of categories without code and name are left out."""
    rows = sorted({int(match[1]) for key in posted if (match := _ROW.fullmatch(key))})
    categories = [
        {
            "code": posted.get(f"category-{row}-code", "").strip(),
            "name": posted.get(f"category-{row}-name", ""),
            "hint": posted.get(f"category-{row}-hint", ""),
            "gb6441": posted.get(f"category-{row}-gb6441", "").strip() or None,
        }
        for row in rows
    ]
    return {
        "name": posted.get("name", ""),
        "starts_on": posted.get("starts_on", ""),
        "ends_on": posted.get("ends_on", ""),
        "activities": posted.getlist("activities"),
        "grades": [
            {
                "grade": grade,
                "name": posted.get(f"grade-{grade}-name", ""),
                "criteria": posted.get(f"grade-{grade}-criteria", ""),
            }
            for grade in GRADES
        ],
        "categories": [row for row in categories if row["code"] or str(row["name"]).strip()],
    }


def _page(raw: dict[str, Any] | None, errors: dict[str, str], message: str | None, status: int) -> tuple[str, int]:
    with peek() as reader:
        campaign = get_current_campaign(reader)
    shown = raw or {
        "name": campaign.name,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "activities": campaign.activities,
        "grades": campaign.grades,
        "categories": campaign.categories,
    }
    page = render_template(
        "campaigns/campaign.html",
        shown=shown,
        errors=errors,
        message=message,
        version=request.form.get("version") if raw else campaign.version,
        activities=ACTIVITY_NAMES,
        known={one["code"] for one in campaign.categories},
    )
    return page, status
