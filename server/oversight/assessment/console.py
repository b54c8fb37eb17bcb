"""Pages of schemes: the lists, building one, publishing it, opening a run by it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError, Invalid, NotFound
from server.core.text import quoted
from server.core.web.access import requires
from server.core.web.forms import Form, form_data, form_values, posted_or_invalid, posted_version, query_params
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.indicators import all_indicators
from server.kit.listing import show_list
from server.oversight.assessment import actions, queries
from server.oversight.assessment.engine.scoring import ROUNDING
from server.oversight.assessment.listing import RUNS, SCHEMES
from server.oversight.assessment.models import SchemeRecord
from server.oversight.assessment.running import run_pages, unit_pages
from server.oversight.assessment.running.opening import open_run
from server.oversight.assessment.schemas import (
    COUNTABLE,
    Definition,
    ItemKind,
    MoveIn,
    NewItemQuery,
    NewSchemeIn,
    OpenIn,
    PartIn,
    PublishIn,
    RulesIn,
    SchemeIn,
    Source,
    UnionIn,
    VersionIn,
)
from server.oversight.assessment.schemes import editing
from server.oversight.assessment.schemes.item_forms import (
    COMMON,
    OWN,
    read_bands,
    read_item,
    read_peers,
    show_bands,
    show_item,
    show_peers,
)
from server.oversight.assessment.schemes.shipped import Shipped, shipped
from server.oversight.assessment.texts import (
    KIND_NAMES,
    NOT_APPLICABLE_NAMES,
    SCORER_NAMES,
    SOURCE_NAMES,
    UNVERIFIED,
    explain,
    indicator_name,
    say,
)
from server.unions.actor import current_actor
from server.unions.campaigns.choosing.choice import campaign_asked
from server.unions.tree.queries import get_union

bp = Blueprint("assessments_console", __name__, url_prefix="/console/assessments", template_folder="templates")
bp.register_blueprint(run_pages.bp)
bp.register_blueprint(unit_pages.bp)
SCHEME = "/console/assessments/schemes"


@bp.get("")
@requires("assessment.schemes")
def assessments() -> str:
    """The list of runs."""
    return render_template("assessment/runs.html", page=show_list(RUNS))


@bp.get("/ledger.xlsx")
@requires("assessment.schemes")
def ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(RUNS)


# --- schemes ----------------------------------------------------------------------------------------------------------


@bp.get("/schemes")
@requires("assessment.schemes")
def schemes() -> str:
    """The list, and what there is to begin from."""
    owners = queries.list_owners(session(), current_actor())
    return render_template(
        "assessment/schemes.html", page=show_list(SCHEMES), shipped=shipped().values(), owners=owners
    )  # fmt: skip


@bp.get("/schemes/ledger.xlsx")
@requires("assessment.schemes")
def schemes_ledger() -> Response:
    """The list as a sheet."""
    return send_ledger(SCHEMES)


@bp.get("/schemes/new")
@requires("assessment.assess")
def new() -> str:
    """What a new scheme is called."""
    return _new_page()


@bp.post("/schemes/new")
@requires("assessment.assess")
def create() -> ResponseReturnValue:
    """A scheme with one empty part."""
    form = form_data(NewSchemeIn)
    if form.value is None:
        return _new_page(form), 422
    body = SchemeIn(title=form.value.title, about=form.value.about)
    empty = editing.add_part(Definition(), "组织领导")
    made = actions.create_scheme(session(), form.value.union, body, empty, actor=current_actor(), now=clock.now())
    flash("已建好，现在一项一项加。")
    return _to(made.id)


@bp.get("/schemes/shipped/<code>")
@requires("assessment.schemes")
def ready(code: str) -> str:
    """One of those that are there to begin with."""
    found = _shipped(code)
    return render_template(
        "assessment/scheme.html", scheme=None, ready=found, definition=found.definition, may_edit=False, versions=(),
        owners=queries.list_owners(session(), current_actor()), union=None, **_words(found.definition),
    )  # fmt: skip


@bp.post("/schemes/shipped/<code>/copy")
@requires("assessment.assess")
def copy_ready(code: str) -> AnyResponse:
    """A scheme of one's own, made of it."""
    found, union_id = _shipped(code), posted_or_invalid(UnionIn, "请选择给哪个工会用。").union
    body = SchemeIn(title=found.title.removesuffix("（样式）"), about=found.about)
    made = actions.create_scheme(
        session(), union_id, body, found.definition, actor=current_actor(), now=clock.now()
    )  # fmt: skip
    flash(f"已复制成您的方案。标“{UNVERIFIED}”的请对照本地文件改好再发布。")
    return _to(made.id)


def _shipped(code: str) -> Shipped:
    found = shipped().get(code)
    if found is None:
        raise NotFound
    return found


@bp.get("/schemes/<uuid:scheme_id>")
@requires("assessment.schemes")
def scheme(scheme_id: UUID) -> str:
    """One scheme: built by whoever may, else looked at."""
    return _page(scheme_id)


@bp.post("/schemes/<uuid:scheme_id>")
@requires("assessment.assess")
def save(scheme_id: UUID) -> ResponseReturnValue:
    """Another title or purpose."""
    posted, version = form_data(SchemeIn, drop=("version",)), posted_version()
    if posted.value is None:
        return _page(scheme_id, posted=posted), 422
    actions.edit_scheme(session(), scheme_id, version, posted.value, actor=current_actor(), now=clock.now())
    flash("已保存。")
    return _to(scheme_id)


@bp.post("/schemes/<uuid:scheme_id>/copy")
@requires("assessment.assess")
def copy(scheme_id: UUID) -> AnyResponse:
    """A scheme of one's own with the same items."""
    union_id = posted_or_invalid(UnionIn).union
    made = actions.copy_scheme(session(), scheme_id, union_id, actor=current_actor(), now=clock.now())
    flash("已复制，可以改了。")
    return _to(made.id)


@bp.post("/schemes/<uuid:scheme_id>/<any(retire, resume):what>")
@requires("assessment.assess")
def set_in_use(scheme_id: UUID, what: str) -> AnyResponse:
    """Lay it aside, or take it up again."""
    version, is_active = posted_or_invalid(VersionIn).version, what == "resume"
    actions.set_in_use(session(), scheme_id, version, is_active=is_active, actor=current_actor(), now=clock.now())
    flash("已恢复使用。" if is_active else "已停用，在“已停用”里还能找到。")
    return _to(scheme_id)


@bp.post("/schemes/<uuid:scheme_id>/rules")
@requires("assessment.assess")
def save_rules(scheme_id: UUID) -> ResponseReturnValue:
    """What holds for all of it."""
    posted = form_data(RulesIn)
    if posted.value is None:
        return _page(scheme_id, rules=posted), 422
    body = posted.value
    try:
        changes = {
            "not_applicable": body.not_applicable, "bonus_most": str(body.bonus_most), "peers": read_peers(body.peers),
            "bands": read_bands(body.bands),
        }  # fmt: skip
        actions.change_definition(
            session(), scheme_id, body.version, lambda found: editing.with_changes(found, **changes),
            actor=current_actor(), now=clock.now(),
        )  # fmt: skip
    except Invalid as error:
        session().rollback()
        posted.errors = dict(error.fields)
        return _page(scheme_id, rules=posted, message=error.message), 422
    flash("已保存。")
    return _to(scheme_id)


@bp.post("/schemes/<uuid:scheme_id>/publish")
@requires("assessment.assess")
def publish(scheme_id: UUID) -> ResponseReturnValue:
    """Freeze it as a version."""
    body = posted_or_invalid(PublishIn)
    try:
        made = actions.publish_scheme(session(), scheme_id, body, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        return _page(scheme_id, message=error.message), error.status
    flash(f"已发布第 {made.number} 版。这一版不会再变；要改，改好再发布新的一版。")
    return _to(scheme_id)


@bp.post("/schemes/<uuid:scheme_id>/open")
@requires("assessment.assess")
def start(scheme_id: UUID) -> ResponseReturnValue:
    """Open a run, and go on to its self-assessment."""
    posted = form_data(OpenIn)
    if posted.value is None:
        return _page(scheme_id, opening=posted), 422
    run, draft = open_run(
        session(), scheme_id, posted.value, campaign_asked(), actor=current_actor(), now=clock.now()
    )  # fmt: skip
    flash(f"{quoted(run.title)}已建好。选好发给谁、哪天截止，核对后发出自评。")
    return redirect(f"/console/assignments/{draft.id}", code=303)


# --- parts and items --------------------------------------------------------------------------------------------------


@bp.post("/schemes/<uuid:scheme_id>/parts")
@requires("assessment.assess")
def add_part(scheme_id: UUID) -> AnyResponse:
    """One more part."""
    body = posted_or_invalid(PartIn)
    return _change(scheme_id, body.version, lambda found: editing.add_part(found, body.title))


@bp.post("/schemes/<uuid:scheme_id>/parts/<key>")
@requires("assessment.assess")
def save_part(scheme_id: UUID, key: str) -> AnyResponse:
    """Another title."""
    body = posted_or_invalid(PartIn)
    return _change(scheme_id, body.version, lambda found: editing.rename_part(found, key, body.title), key)


@bp.post("/schemes/<uuid:scheme_id>/<any(parts, items):what>/<key>/move")
@requires("assessment.assess")
def move(scheme_id: UUID, what: str, key: str) -> AnyResponse:
    """Up or down."""
    body = posted_or_invalid(MoveIn)
    change = editing.move_part if what == "parts" else editing.move_item
    return _change(scheme_id, body.version, lambda found: change(found, key, int(body.steps)), key)


@bp.post("/schemes/<uuid:scheme_id>/<any(parts, items):what>/<key>/remove")
@requires("assessment.assess")
def remove(scheme_id: UUID, what: str, key: str) -> AnyResponse:
    """Without it."""
    body = posted_or_invalid(VersionIn)
    change = editing.remove_part if what == "parts" else editing.remove_item
    return _change(scheme_id, body.version, lambda found: change(found, key))


@bp.get("/schemes/<uuid:scheme_id>/items/new")
@requires("assessment.assess")
def new_item(scheme_id: UUID) -> str:
    """An item of the kind in the address, at the end of a part."""
    wanted, found = query_params(NewItemQuery), queries.get_own_scheme(session(), scheme_id, current_actor())
    source = Source.CHECKED if wanted.kind in (ItemKind.EXPERT, ItemKind.VETO) else Source.SELF_REPORTED
    return _item_page(found, wanted.part, wanted.kind, "", {"points": "", "source": source}, {})


@bp.get("/schemes/<uuid:scheme_id>/items/<key>")
@requires("assessment.assess")
def item(scheme_id: UUID, key: str) -> str:
    """One item, to be changed."""
    found = queries.get_own_scheme(session(), scheme_id, current_actor())
    definition = queries.definition_of(found)
    shown = editing.item_of(definition, key)
    return _item_page(found, editing.part_of(definition, key).key, shown.kind, key, show_item(shown), {})


@bp.post("/schemes/<uuid:scheme_id>/items")
@requires("assessment.assess")
def save_item(scheme_id: UUID) -> ResponseReturnValue:
    """Add an item, or change the one with the key that was posted."""
    raw, wanted, version = form_values().to_dict(), posted_or_invalid(NewItemQuery), posted_version()
    key = raw.get("key", "")

    def put(found: Definition) -> Definition:
        if key:
            editing.item_of(found, key)
        return editing.put_item(
            found, wanted.part, read_item(wanted.kind, key or editing.new_item_key(found), raw)
        )  # fmt: skip

    try:
        actions.change_definition(session(), scheme_id, version, put, actor=current_actor(), now=clock.now())
    except AppError as error:
        if error.status not in (409, 422):
            raise
        session().rollback()
        found = queries.get_own_scheme(session(), scheme_id, current_actor())
        errors = error.fields if error.fields.keys() <= {*COMMON, *OWN.get(wanted.kind, ())} else {}
        return _item_page(found, wanted.part, wanted.kind, key, raw, errors, error.message), error.status
    if raw.get("again"):
        return redirect(f"{SCHEME}/{scheme_id}/items/new?part={wanted.part}&kind={wanted.kind}", code=303)
    return _to(scheme_id, wanted.part)


# --- pages ------------------------------------------------------------------------------------------------------------


def _to(scheme_id: UUID, place: str = "") -> AnyResponse:
    return redirect(f"{SCHEME}/{scheme_id}{f'#{place}' if place else ''}", code=303)


def _change(scheme_id: UUID, version: int, change: Any, place: str = "") -> AnyResponse:
    try:
        actions.change_definition(session(), scheme_id, version, change, actor=current_actor(), now=clock.now())
    except Invalid as error:
        session().rollback()
        flash(error.message, "danger")
    return _to(scheme_id, place)


def _new_page(form: Form[NewSchemeIn] | None = None) -> str:
    owners = queries.list_owners(session(), current_actor())
    return render_template("assessment/new.html", form=form, owners=owners)


def _words(definition: Definition) -> dict[str, Any]:
    return {
        "kinds": KIND_NAMES, "sources": SOURCE_NAMES, "explain": explain, "indicator_name": indicator_name, "say": say,
        "unverified": UNVERIFIED, "rules_names": NOT_APPLICABLE_NAMES, "rounding": ROUNDING,
        "peers": show_peers(definition), "bands": show_bands(definition),
    }  # fmt: skip


def _page(
    scheme_id: UUID, *, posted: Form[SchemeIn] | None = None, rules: Form[RulesIn] | None = None,
    opening: Form[OpenIn] | None = None, message: str | None = None,
) -> str:  # fmt: skip
    actor = current_actor()
    found = queries.get_scheme(session(), scheme_id, actor)
    definition = queries.definition_of(found)
    today = clock.day_of(clock.now())
    return render_template(
        "assessment/scheme.html", scheme=found, ready=None, definition=definition, posted=posted, rules=rules,
        opening=opening, message=message, may_edit=found.union_id in queries.own_unions(actor),
        owners=queries.list_owners(session(), actor), union=get_union(session(), found.union_id),
        versions=queries.list_versions(session(), found.id), first_day=today.replace(month=1, day=1), today=today,
        **_words(definition),
    )  # fmt: skip


def _item_page(
    found: SchemeRecord, part: str, kind: ItemKind, key: str, shown: dict[str, Any], errors: dict[str, str],
    message: str | None = None,
) -> str:  # fmt: skip
    if part not in {each.key for each in queries.definition_of(found).parts}:
        raise NotFound
    is_countable = any(kind is each.model_fields["kind"].default for each in COUNTABLE)
    sources = [(each, name) for each, name in SOURCE_NAMES.items() if is_countable or each is not Source.COMPUTED]
    return render_template(
        "assessment/item.html", scheme=found, part=part, kind=kind, kind_name=KIND_NAMES[kind], key=key, shown=shown,
        errors=errors, message=None if errors else message, own=OWN.get(kind, ()), sources=sources,
        scorers=list(SCORER_NAMES.items()), is_countable=is_countable,
        indicators=[("", "不用")] + [(each.key, f"{each.name}：{each.meaning}") for each in all_indicators().values()],
    )  # fmt: skip
