"""Background work on posters."""

from uuid import UUID

import structlog

from server.core import clock
from server.core.errors import AppError
from server.core.jobs.registry import GiveUp, JobContext, job
from server.unions.posters.actions import note_drawn
from server.unions.posters.models import Poster
from server.unions.posters.printing.addresses import BINDING_PAGE, invite_link, invite_scene, picture_key
from server.unions.tree.models import Union
from server.wechat.gateway import WechatGateway

log = structlog.get_logger(__name__)


@job("posters.draw", "制作企业海报", max_attempts=4)
def draw_poster(ctx: JobContext, union_id: UUID, site: str) -> None:
    """Draw the poster that was asked for last. WeChat is asked for its code outside of any transaction."""
    from server.core.image_drawing import find_font  # the worker alone pays for Pillow
    from server.unions.posters.printing.picture import draw

    font = find_font(ctx.settings.font)
    if font is None:
        raise GiveUp("no Chinese font is installed; install one or set SUISHOUPAI_FONT, then retry")
    with ctx.database.reading() as session:
        poster, union = session.get(Poster, union_id), session.get(Union, union_id)
    if poster is None or union is None or union.invite_code != poster.invite_code:
        return  # the code was renewed since
    code = _wechat_code(WechatGateway.from_settings(ctx.settings, ctx.database), poster.invite_code)
    content = draw(font, union.name, poster.invite_code, link=invite_link(site, poster.invite_code), wechat_code=code)
    ctx.object_store.put_bytes(picture_key(union_id, poster.invite_code), content, "image/png")
    with ctx.database.transaction() as session:
        note_drawn(session, union_id, poster.invite_code, by_wechat=code is not None, now=clock.now())


def _wechat_code(gateway: WechatGateway, invite_code: str) -> bytes | None:
    """WeChat's code; None where there is no mini program, or WeChat does not give one: the poster says so."""
    if not gateway.is_configured:
        return None
    try:
        return gateway.unlimited_code(invite_scene(invite_code), BINDING_PAGE, width=860)
    except AppError as error:
        log.warning("poster_without_wechat_code", error=error.code)
        return None
