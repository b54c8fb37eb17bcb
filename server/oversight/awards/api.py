"""JSON for the worker's side: one's awards, published lists, objections, receipts."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.errors import Invalid
from server.core.ids import is_uuid7
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.kit.workflow import perform
from server.oversight.awards.batches.entries import OnEntry, batch_of
from server.oversight.awards.models import BatchMove
from server.oversight.awards.publication.notices import OBJECTION_TEXTS, get_notice, list_awards, list_notices
from server.oversight.awards.publication.objections import OnObjection
from server.oversight.awards.queries import find_objection, get_objection
from server.oversight.awards.schemas import (
    AwardOut,
    AwardPage,
    AwardsQuery,
    NoticeDetail,
    NoticesOut,
    ObjectionIn,
    ObjectionOut,
)
from server.oversight.awards.workflow import BATCHES
from server.unions.actor import current_actor

bp = APIBlueprint("awards", __name__, url_prefix="/api/v1", tag="awards")


@bp.get("/awards")
@requires("award.read_own")
@bp.input(AwardsQuery, location="query", arg_name="query")
@bp.output(AwardPage)
def get_awards(query: AwardsQuery) -> AwardPage:
    """我的奖励，最新的在前"""
    return list_awards(session(), current_actor().person_id, query.after, query.limit)


@bp.post("/awards/<uuid:entry_id>/receipt")
@requires("award.read_own")
@bp.output(AwardOut)
def receive(entry_id: UUID) -> AwardOut:
    """确认已收到"""
    actor = current_actor()
    batch_id = batch_of(session(), entry_id)
    perform(BATCHES, session(), batch_id, BatchMove.RECEIVE, form=OnEntry(entry_id), actor=actor, now=clock.now())
    return list_awards(session(), actor.person_id, None, 1, only=entry_id).items[0]


@bp.get("/awards/notices")
@requires("award.read_own")
@bp.output(NoticesOut)
def notices() -> NoticesOut:
    """公示的名单，最新的在前"""
    return list_notices(session(), clock.now())


@bp.get("/awards/notices/<uuid:batch_id>")
@requires("award.read_own")
@bp.output(NoticeDetail)
def notice(batch_id: UUID) -> NoticeDetail:
    """一份公示名单"""
    return get_notice(session(), batch_id, current_actor().person_id, clock.now())


@bp.put("/awards/notices/<uuid:batch_id>/objections/<uuid:objection_id>")
@requires("award.object")
@bp.input(ObjectionIn, arg_name="body")
@bp.output(ObjectionOut, status_code=201)
def objection(batch_id: UUID, objection_id: UUID, body: ObjectionIn) -> tuple[ObjectionOut, int]:
    """提异议（同一个编号、同样的内容可以重发）"""
    if not is_uuid7(objection_id):
        raise Invalid("编号格式不对。", fields={"objection_id": "要用 UUIDv7"})
    is_new = find_objection(session(), objection_id) is None
    form = OnObjection(objection_id, body)
    perform(BATCHES, session(), batch_id, BatchMove.OBJECT, form=form, actor=current_actor(), now=clock.now())
    made = get_objection(session(), objection_id)
    out = ObjectionOut(
        id=made.id, text=made.text, status_text=OBJECTION_TEXTS[made.status], answer=made.answer, at=made.at
    )
    return out, 201 if is_new else 200
