"""JSON for the worker's side: my data, a copy of it, and being forgotten."""

from datetime import timedelta
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, current_app, redirect, send_file
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.errors import Forbidden
from server.core.web.access import public, requires
from server.core.web.forms import query_params
from server.core.web.limits import CHANGES_OF_MIND, limiter
from server.core.web.schemas import SignedQuery
from server.core.web.unit_of_work import session
from server.privacy import actions
from server.privacy.copies.links import export_key, is_valid
from server.privacy.queries import describe_erasure, describe_export, describe_own_data, imprint_of
from server.privacy.schemas import ErasureIn, ErasureOut, ExportOut, OwnDataOut, PrivacyOut
from server.unions.actor import current_actor
from server.unions.policies.queries import find_map, is_told, list_holding
from server.unions.policies.texts import Outsider

bp = APIBlueprint("privacy", __name__, tag="people")


@bp.get("/api/v1/privacy")
@public
@bp.output(PrivacyOut)
def policy() -> PrivacyOut:
    """隐私说明里的单位和联系方式"""
    settings, holding = current_app.extensions["settings"], list_holding(session())
    vision = settings.vision_name if is_told(session(), Outsider.PROPOSALS) else ""
    return PrivacyOut(
        **dict(imprint_of(settings)), vision=vision, map=find_map(session()), version=holding[0], holding=holding
    )


@bp.get("/api/v1/me/data")
@requires("own_data.read")
@bp.output(OwnDataOut)
def mine() -> OwnDataOut:
    """关于我存了什么"""
    return describe_own_data(session(), current_actor().person_id, clock.now())


@bp.post("/api/v1/me/exports")
@requires("own_data.export")
@limiter.limit("10/hour")
@bp.output(ExportOut, status_code=201)
@bp.doc(responses={200: "已经在做，或者还没过期"})
def export() -> tuple[ExportOut, int]:
    """要一份我的数据副本；做好后用 /me/data 里的链接下载"""
    made, is_new = actions.request_export(session(), actor=current_actor(), now=clock.now())
    return describe_export(session(), made), 201 if is_new else 200


@bp.post("/api/v1/me/erasure")
@requires("own_data.erase")
@limiter.limit(CHANGES_OF_MIND)
@bp.input(ErasureIn, arg_name="body")
@bp.output(ErasureOut, status_code=201)
@bp.doc(responses={200: "已经申请过", 409: "有管理端账号，不能自己注销"})
def erase(body: ErasureIn) -> tuple[ErasureOut, int]:
    """注销账号；7 天内可以撤销"""
    del body  # it says yes, or it would not be here
    erasure, is_new = actions.request_erasure(session(), actor=current_actor(), now=clock.now())
    return describe_erasure(erasure), 201 if is_new else 200


@bp.delete("/api/v1/me/erasure")
@requires("own_data.erase")
@limiter.limit(CHANGES_OF_MIND)
@bp.output({}, status_code=204)
def stay() -> Response:
    """不注销了"""
    actions.cancel_erasure(session(), actor=current_actor(), now=clock.now())
    return Response(status=204)


@bp.get("/exports/<uuid:export_id>")
@public  # the signature is the permission
@bp.doc(hide=True)
def download(export_id: UUID) -> ResponseReturnValue:
    """Hand the archive out to whoever has a link that holds."""
    settings, store, now = current_app.extensions["settings"], current_app.extensions["object_store"], clock.now()
    signed = query_params(SignedQuery)
    if not is_valid(settings, export_id, signed.e, signed.s, now):
        raise Forbidden("下载链接已经过期或者无效，请回到“我的信息”重新获取。", code="link_invalid")
    path = store.local_path(export_key(export_id))
    if path is None:
        return redirect(store.signed_url(export_key(export_id), now, now + timedelta(minutes=10)), 302)
    response = send_file(path, mimetype="application/zip", as_attachment=True, download_name="我的信息.zip", max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response
