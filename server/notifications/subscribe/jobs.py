"""Sending subscribe messages."""

from uuid import UUID

from server.core import clock
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job
from server.notifications.subscribe.actions import SEND_JOB, begin_sending, finish_sending
from server.wechat.gateway import WechatGateway
from server.wechat.outcomes import WechatRefused, WechatSilent


@job(SEND_JOB, "发微信订阅消息", priority=Priority.MESSAGE)
def send_message(ctx: JobContext, message_id: UUID) -> None:
    """Send one message, outside of any transaction. Run twice, it is sent once; what came of it is in its row."""
    with ctx.database.transaction() as session:
        letter = begin_sending(session, message_id, ctx.settings, now=clock.now())
    if letter is None:
        return
    gateway = WechatGateway.from_settings(ctx.settings, ctx.database)
    error: WechatRefused | WechatSilent | None = None
    try:
        gateway.send_subscribe(letter.openid, letter.template_id, letter.values, page=letter.page)
    except (WechatRefused, WechatSilent) as failure:
        error = failure
    with ctx.database.transaction() as session:
        finish_sending(session, message_id, error, ctx.settings, now=clock.now())
