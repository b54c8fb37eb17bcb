"""JSON for the worker's side: which messages to ask consent for, and what was answered."""

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.notifications.subscribe.actions import grant_consents
from server.notifications.subscribe.message_templates.occasions import SCENES
from server.notifications.subscribe.queries import list_template_ids
from server.notifications.subscribe.schemas import ConsentsIn, ConsentsOut, SceneQuery, TemplatesOut
from server.unions.actor import current_actor

bp = APIBlueprint("subscriptions", __name__, url_prefix="/api/v1", tag="subscriptions")


@bp.get("/subscriptions/templates")
@requires("subscription.consent")
@bp.input(SceneQuery, location="query", arg_name="query")
@bp.output(TemplatesOut)
def get_templates(query: SceneQuery) -> TemplatesOut:
    """此刻可以请职工允许的微信消息"""
    return TemplatesOut(template_ids=list_template_ids(session(), SCENES[query.scene]))


@bp.post("/subscriptions/consents")
@requires("subscription.consent")
@bp.input(ConsentsIn, arg_name="body")
@bp.output(ConsentsOut)
def post_consents(body: ConsentsIn) -> ConsentsOut:
    """记下职工允许了哪些消息：允许一次，发一条"""
    accepted = grant_consents(session(), current_actor().person_id, body.results, now=clock.now())
    return ConsentsOut(accepted=accepted)
