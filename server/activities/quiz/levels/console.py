"""Pages for those who set up a quiz."""

import random
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from server.activities.quiz.bank.formats.spellings import DIFFICULTY_NAMES, KIND_NAMES
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import get_sheets, list_drawable
from server.activities.quiz.bank.texts import TOPICS
from server.activities.quiz.levels import actions, queries
from server.activities.quiz.levels.drawing.quotas import draw
from server.activities.quiz.levels.models import Opening
from server.activities.quiz.levels.schemas import LevelIn, QuizIn
from server.activities.quiz.levels.texts import OPENING_NAMES, RULES
from server.core import clock
from server.core.clock import in_shanghai
from server.core.errors import AppError, Conflict, Invalid
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, form_values, posted_version
from server.core.web.unit_of_work import read_only_session, session
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked
from server.unions.campaigns.queries import current_campaign

bp = Blueprint("quizzes_console", __name__, url_prefix="/console/quizzes", template_folder="templates")

_QUOTA = re.compile(r"quota-(\d{1,2})-count")
SPARE_ROWS = 2


@bp.app_template_filter("field_time")
def field_time(moment: Any) -> str:
    """A moment as a browser's date-time field wants it, in Shanghai."""
    return in_shanghai(moment).strftime("%Y-%m-%dT%H:%M") if isinstance(moment, datetime) else str(moment or "")


@bp.get("")
@requires("quiz.read")
def quizzes() -> str:
    """Every quiz, or those of the campaign that is looked at."""
    found, campaign_id = queries.list_quizzes(session()), campaign_asked()
    shown = [quiz for quiz in found if campaign_id in (None, quiz.campaign_id)]
    return render_template("quizzes/list.html", quizzes=shown, now=clock.now())


@bp.get("/new")
@requires("quiz.edit")
def new() -> str:
    """The form for another quiz."""
    blank = {"name": "", "opens_at": "", "closes_at": ""}
    return _quiz_form({**blank, "rules": RULES, "opening": Opening.BY_PASSING}, {}, None)


@bp.post("/new")
@requires("quiz.edit")
def create() -> ResponseReturnValue:
    """A quiz with the standard levels."""
    form = form_data(QuizIn)
    if form.value is None:
        return _quiz_form(form.raw, form.errors, None, 1, form.errors.get("body")), 422
    campaign = current_campaign(session())
    quiz = actions.create_quiz(
        session(), campaign.id, form.value, actor_id=current_actor().person_id, now=clock.now()
    )  # fmt: skip
    flash("已建好，带有十关标准设置。看过每一关再公布。")
    return redirect(url_for(".quiz", quiz_id=quiz.id), code=303)


@bp.get("/<uuid:quiz_id>")
@requires("quiz.read")
def quiz(quiz_id: UUID) -> str:
    """One quiz with its levels."""
    return _quiz_page(quiz_id)


@bp.get("/<uuid:quiz_id>/edit")
@requires("quiz.edit")
def edit(quiz_id: UUID) -> str:
    """The form for the quiz itself."""
    found = queries.get_quiz(session(), quiz_id)
    shown = {name: getattr(found, name) for name in QuizIn.model_fields}
    return _quiz_form(shown, {}, quiz_id, found.version)


@bp.post("/<uuid:quiz_id>/edit")
@requires("quiz.edit")
def save(quiz_id: UUID) -> ResponseReturnValue:
    """Change the quiz itself."""
    form, version = form_data(QuizIn, drop=("version",)), posted_version()
    if form.value is None:
        return _quiz_form(form.raw, form.errors, quiz_id, version, form.errors.get("body")), 422
    try:
        actions.edit_quiz(
            session(), quiz_id, form.value, version=version, actor_id=current_actor().person_id, now=clock.now()
        )
    except Conflict as error:
        session().rollback()
        return _quiz_form(form.raw, error.fields, quiz_id, version, error.message), error.status
    flash("已保存。")
    return redirect(url_for(".quiz", quiz_id=quiz_id), code=303)


@bp.post("/<uuid:quiz_id>/publish")
@requires("quiz.edit")
def publish(quiz_id: UUID) -> ResponseReturnValue:
    """Show it to workers."""
    try:
        actions.publish_quiz(session(), quiz_id, actor_id=current_actor().person_id, now=clock.now())
    except Invalid as error:
        session().rollback()
        return _quiz_page(quiz_id, error.message), error.status
    flash("已公布，到开始时间职工就能闯关。")
    return redirect(url_for(".quiz", quiz_id=quiz_id), code=303)


@bp.post("/<uuid:quiz_id>/levels/<any(add, remove):what>")
@requires("quiz.edit")
def change_levels(quiz_id: UUID, what: str) -> ResponseReturnValue:
    """One level more, or one less."""
    change: Callable[..., object] = actions.add_level if what == "add" else actions.remove_last_level
    change(session(), quiz_id, version=posted_version(), actor_id=current_actor().person_id, now=clock.now())
    flash("已加一关。" if what == "add" else "已去掉最后一关。")
    return redirect(url_for(".quiz", quiz_id=quiz_id), code=303)


@bp.get("/<uuid:quiz_id>/levels/<int(max=30):number>")
@requires("quiz.edit")
def level(quiz_id: UUID, number: int) -> str:
    """The form for one level."""
    found = queries.get_level(session(), quiz_id, number)
    shown = {name: getattr(found, name) for name in LevelIn.model_fields}
    return _level_form(quiz_id, number, shown, {}, queries.get_quiz(session(), quiz_id).version)


@bp.post("/<uuid:quiz_id>/levels/<int(max=30):number>")
@requires("quiz.edit")
def save_level(quiz_id: UUID, number: int) -> ResponseReturnValue:
    """Change one level."""
    form, version = Form(LevelIn, _nested(form_values())), posted_version()
    if form.value is None:
        return _level_form(quiz_id, number, form.raw, form.errors, version, form.errors.get("body")), 422
    try:
        actions.save_level(
            session(), quiz_id, number, form.value, version=version, actor_id=current_actor().person_id,
            now=clock.now(),
        )  # fmt: skip
    except AppError as error:
        if error.status == 404:
            raise
        session().rollback()
        return _level_form(quiz_id, number, form.raw, error.fields, version, error.message), error.status
    flash(f"第 {number} 关已保存。")
    return redirect(url_for(".quiz", quiz_id=quiz_id), code=303)


@bp.get("/<uuid:quiz_id>/levels/<int(max=30):number>/preview")
@requires("quiz.read")
def preview(quiz_id: UUID, number: int) -> str:
    """A paper as somebody might draw it, with the right answers marked; each look draws another."""
    found = queries.get_level(session(), quiz_id, number)
    drawn = draw(queries.quotas_of(found), list_drawable(session()), random.SystemRandom())
    sheets = get_sheets(session(), [question.version_id for question in drawn])
    return render_template(
        "quizzes/preview.html",
        quiz=queries.get_quiz(session(), quiz_id),
        level=found,
        questions=[(question, sheets[question.version_id]) for question in drawn],
        KIND_NAMES=KIND_NAMES,
        DIFFICULTY_NAMES=DIFFICULTY_NAMES,
    )


def _nested(sent: MultiDict[str, str]) -> dict[str, Any]:
    """The flat form as the shape of LevelIn. Rows of quotas without a number are left out."""
    rows = sorted({int(match[1]) for match in map(_QUOTA.fullmatch, sent) if match})
    quotas = [
        {name: sent.get(f"quota-{row}-{name}", "").strip() for name in ("topic", "difficulty", "kind", "count")}
        for row in rows
    ]
    plain = {name: sent.get(name, "") for name in ("name", "opens_at", "seconds", "pass_mark", "tries_per_day")}
    return {**plain, "quotas": [quota for quota in quotas if quota["count"]]}


def _quiz_page(quiz_id: UUID, message: str | None = None) -> str:
    with read_only_session() as reader:
        found, levels = queries.get_quiz(reader, quiz_id), queries.list_levels(reader, quiz_id)
        return render_template(
            "quizzes/quiz.html",
            quiz=found,
            levels=[(each, sum(quota.count for quota in queries.quotas_of(each))) for each in levels],
            shortages=queries.count_shortages(reader, levels),
            opening=OPENING_NAMES[found.opening],
            stands=queries.say_what_stands(reader, quiz_id),
            message=message,
            now=clock.now(),
        )


def _quiz_form(
    shown: dict[str, Any], errors: dict[str, str], quiz_id: UUID | None, version: int = 1, message: str | None = None
) -> str:
    return render_template(
        "quizzes/edit.html",
        shown=shown,
        errors=errors,
        message=message,
        version=version,
        openings=[(each.value, words) for each, words in OPENING_NAMES.items()],
        back=url_for(".quiz", quiz_id=quiz_id) if quiz_id else url_for(".quizzes"),
        is_new=quiz_id is None,
    )


def _level_form(
    quiz_id: UUID,
    number: int,
    shown: dict[str, Any],
    errors: dict[str, str],
    version: int,
    message: str | None = None,
) -> str:
    with read_only_session() as reader:
        return render_template(
            "quizzes/level.html",
            quiz=queries.get_quiz(reader, quiz_id),
            number=number,
            shown=shown,
            rows=[*shown["quotas"], *({} for _ in range(SPARE_ROWS))],
            errors=errors,
            message=message,
            version=version,
            topics=[("", "任意主题"), *((topic, topic) for topic in TOPICS)],
            difficulties=[("", "任意难度"), *DIFFICULTY_NAMES.items()],
            kinds=[("", "任意题型"), *((kind.value, KIND_NAMES[kind]) for kind in QuestionKind)],
        )
