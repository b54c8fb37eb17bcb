"""The campaign's settings: name, period, activities, grades, categories."""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from server.core import clock
from server.core.errors import AppError, Conflict
from server.core.text import quoted
from server.core.web.access import requires
from server.core.web.flashes import flash_undo
from server.core.web.forms import Form, form_values, posted_or_invalid, posted_version, query_params
from server.core.web.safe_next import safe_next
from server.core.web.unit_of_work import read_only_session, session
from server.unions.actor import current_actor
from server.unions.campaigns import actions
from server.unions.campaigns.choosing.choice import choose, with_campaign
from server.unions.campaigns.copying.parts import OfferedPart, copy_parts, offer_parts
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import (
    find_current_campaign,
    get_current_campaign,
    get_own_campaign,
    list_own_campaigns,
)
from server.unions.campaigns.rules import closed_text
from server.unions.campaigns.schemas import (
    ACTIVITY_NAMES,
    GRADES,
    LEADERBOARD_NAMES,
    Activity,
    CampaignIn,
    ChoiceIn,
    CopyQuery,
)
from server.unions.campaigns.texts import STANDARD_CATEGORIES, STANDARD_GRADES, STANDARD_SUGGESTION_CATEGORIES
from server.unions.tree.queries import get_city

bp = Blueprint("campaigns_console", __name__, url_prefix="/console", template_folder="templates")

Answer = str | tuple[str, int] | Response
NOT_AGREED = "请勾选确认：当前的活动会结束，统计从零算起。"
ANOTHER_BEGAN = "已经开始了新的活动，这里填的没有保存。请重新打开活动设置再改。"
LISTS = {"categories": "category", "suggestion_categories": "suggestion-category"}
"""Lists of categories, and what the names of their fields begin with."""


@bp.get("/campaigns")
@requires("campaign.edit")
def show_campaign() -> Answer:
    """The current campaign's settings; before there is any campaign, the form for the first."""
    campaign = find_current_campaign(session())
    if campaign is None:
        return make_response(redirect(url_for(".show_new_campaign"), 303))
    return _page(_stored(campaign), campaign.version)


@bp.post("/campaigns")
@requires("campaign.edit")
def edit_campaign() -> Answer:
    """Save the settings."""
    form, version = Form(CampaignIn, _nested(form_values())), posted_version()
    if form.value is None:
        return _page(form.raw, version, form.errors, form.errors.get("body"), 422)
    now, actor_id = clock.now(), current_actor().person_id
    try:
        campaign_id = get_current_campaign(session()).id
        if form_values().get("edits") != str(campaign_id):  # both begin with version 1
            raise Conflict(ANOTHER_BEGAN, code="stale")
        actions.update_campaign(session(), campaign_id, form.value, version=version, actor_id=actor_id, now=now)
    except AppError as error:
        if error.status not in (409, 422):
            raise
        return _page(form.raw, version, error.fields, error.message, error.status)
    flash("活动设置已保存。")
    return make_response(redirect(url_for(".show_campaign"), 303))


@bp.get("/campaigns/new")
@requires("campaign.edit")
def show_new_campaign() -> Answer:
    """A new campaign, with the grades and categories of the current one, else the standard ones; as a copy of the one
    in the address, with all of its settings but name and dates."""
    source = _source(query_params(CopyQuery).copy_of)
    if source is not None:
        return _page(_stored(source) | {"name": "", "starts_on": "", "ends_on": ""}, None, source=source)
    campaign = find_current_campaign(session())
    blank = {"name": "", "starts_on": "", "ends_on": "", "activities": [Activity.HAZARD.value], "leaderboards": []}
    return _page((_stored(campaign) if campaign is not None else _standard()) | blank, None)


@bp.post("/campaigns/new")
@requires("campaign.edit")
def create_campaign() -> Answer:
    """Start a new campaign in place of the current one, which the form names: nobody ends one by mistake."""
    posted, actor, now = form_values(), current_actor(), clock.now()
    form, source = Form(CampaignIn, _nested(posted)), _source(_posted_source())
    if form.value is None:
        return _page(form.raw, None, form.errors, form.errors.get("body"), 422, source=source)
    before = find_current_campaign(session())
    if before is not None and posted.get("replaces") != str(before.id):
        return _page(form.raw, None, {"replaces": NOT_AGREED}, NOT_AGREED, 422, source=source)
    created = actions.create_campaign(
        session(), get_city(session()).id, form.value, actor_id=actor.person_id, now=now
    )  # fmt: skip
    if source is not None:
        try:
            copy_parts(session(), source, created, posted, actor=actor, now=now)
        except AppError as error:
            session().rollback()
            return _page(form.raw, None, error.fields, error.message, error.status, source=_source(_posted_source()))
    _say_started(before)
    return make_response(redirect(url_for(".show_campaign"), 303))


def _posted_source() -> UUID | None:
    return Form(CopyQuery, {"copy_of": form_values().get("copy_of") or None}).require().copy_of


def _source(campaign_id: UUID | None) -> Campaign | None:
    return get_own_campaign(session(), campaign_id, current_actor()) if campaign_id is not None else None


@bp.post("/campaigns/<uuid:campaign_id>/resumption")
@requires("campaign.edit")
def resume_campaign(campaign_id: UUID) -> Answer:
    """Go back to an earlier campaign; the one that ran meanwhile stays as it is."""
    campaign = get_own_campaign(session(), campaign_id, current_actor(), lock=True)
    actions.resume_campaign(session(), campaign, actor_id=current_actor().person_id, now=clock.now())
    flash(f"{quoted(campaign.name)}又是当前的活动了。")
    return make_response(redirect(url_for(".show_campaign"), 303))


@bp.post("/campaigns/<uuid:campaign_id>/archive")
@requires("campaign.edit")
def archive_campaign(campaign_id: UUID) -> Answer:
    """Put a campaign away; its lists and figures stay to be read."""
    campaign = get_own_campaign(session(), campaign_id, current_actor(), lock=True)
    actions.archive_campaign(session(), campaign, actor_id=current_actor().person_id, now=clock.now())
    flash(f"{quoted(campaign.name)}已归档。")
    return make_response(redirect(url_for(".show_campaign"), 303))


@bp.post("/campaigns/<uuid:campaign_id>/unarchive")
@requires("campaign.edit")
def unarchive_campaign(campaign_id: UUID) -> Answer:
    """Take it out again."""
    campaign = get_own_campaign(session(), campaign_id, current_actor(), lock=True)
    actions.unarchive_campaign(session(), campaign, actor_id=current_actor().person_id, now=clock.now())
    flash(f"{quoted(campaign.name)}不再归档，和以前一样。")
    return make_response(redirect(url_for(".show_campaign"), 303))


@bp.post("/campaigns/choice")
@requires("campaign.choose")
def choose_campaign() -> Answer:
    """Look at one campaign, or at all, from now on; back to the page, which no longer names another."""
    wanted = posted_or_invalid(ChoiceIn)
    choose(session(), current_actor(), wanted.campaign)
    return make_response(redirect(with_campaign(safe_next(wanted.next), None), 303))


def _say_started(before: Campaign | None) -> None:
    """With a way back to the campaign before, where there was one."""
    words = "新的活动已开始，统计从零算起；以前的活动都在本页下方。"
    if before is not None:
        flash_undo(words, url_for(".resume_campaign", campaign_id=before.id))
    else:
        flash(words)


def _nested(posted: MultiDict[str, str]) -> dict[str, Any]:
    """The flat form as the shape of CampaignIn."""
    return {
        "name": posted.get("name", ""),
        "starts_on": posted.get("starts_on", ""),
        "ends_on": posted.get("ends_on", ""),
        "activities": posted.getlist("activities"),
        "leaderboards": posted.getlist("leaderboards"),
        "lists_absentees": posted.get("lists_absentees", "") == "true",
        "grades": [
            {
                "grade": grade,
                "name": posted.get(f"grade-{grade}-name", ""),
                "criteria": posted.get(f"grade-{grade}-criteria", ""),
                "rectify_days": posted.get(f"grade-{grade}-rectify_days", ""),
            }
            for grade in GRADES
        ],
        **{name: _categories(posted, prefix) for name, prefix in LISTS.items()},
    }


def _categories(posted: MultiDict[str, str], prefix: str) -> list[dict[str, Any]]:
    """One list of categories. Rows without code and name are left out."""
    name = re.compile(rf"{prefix}-(\d{{1,3}})-name")
    numbers = {int(match[1]) for match in map(name.fullmatch, posted) if match}
    rows = [
        {
            "code": posted.get(f"{prefix}-{row}-code", "").strip(),
            "name": posted.get(f"{prefix}-{row}-name", ""),
            "hint": posted.get(f"{prefix}-{row}-hint", ""),
            "gb6441": posted.get(f"{prefix}-{row}-gb6441", "").strip() or None,
        }
        for row in sorted(numbers)
    ]
    return [row for row in rows if row["code"] or str(row["name"]).strip()]


def _stored(campaign: Campaign) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "activities": campaign.activities,
        "leaderboards": campaign.leaderboards,
        "lists_absentees": campaign.lists_absentees,
        "grades": campaign.grades,
        **{name: getattr(campaign, name) for name in LISTS},
    }


def _standard() -> dict[str, Any]:
    return {
        "grades": [grade.model_dump() for grade in STANDARD_GRADES],
        "categories": [category.model_dump() for category in STANDARD_CATEGORIES],
        "suggestion_categories": [category.model_dump() for category in STANDARD_SUGGESTION_CATEGORIES],
    }


def _page(
    shown: dict[str, Any],
    version: int | None,
    errors: dict[str, str] | None = None,
    message: str | None = None,
    status: int = 200,
    *,
    source: Campaign | None = None,
) -> tuple[str, int]:
    """The form; `version` is that of the campaign it edits, None for a new one, which may be a copy of `source`."""
    with read_only_session() as reader:
        current, campaigns = find_current_campaign(reader), list_own_campaigns(reader, current_actor())
    campaign = current if version is not None else None
    known = {one["code"] for name in LISTS for one in getattr(campaign, name)} if campaign is not None else set()
    page = render_template(
        "campaigns/campaign.html",
        shown=shown,
        errors=errors or {},
        message=message,
        version=version,
        edits=form_values().get("edits", "") if request.method == "POST" else current.id if current is not None else "",
        activities=ACTIVITY_NAMES,
        leaderboards=LEADERBOARD_NAMES,
        known=known,
        current=current,
        campaigns=campaigns,
        source=source,
        copied_parts=_parts(source),
        today=clock.day_of(clock.now()),
        closed_text=closed_text,
        is_archived=campaign is not None and campaign.archived_at is not None,
        has_ended=campaign is not None and campaign.ends_on < clock.day_of(clock.now()),
        agreed=current is not None and form_values().get("replaces") == str(current.id),
    )
    return page, status


def _parts(source: Campaign | None) -> list[OfferedPart]:
    if source is None:
        return []
    return offer_parts(session(), source, current_actor(), form_values() if request.method == "POST" else None)
