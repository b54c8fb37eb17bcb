"""Asking WeChat, outside of any transaction."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from server.core import clock
from server.core.jobs.registry import JobContext, job, periodic
from server.review.safety.actions import (
    ASK_JOB,
    OPEN_JOB,
    VERDICT_JOB,
    Question,
    apply_pushed_verdict,
    begin_asking,
    note_asked,
    note_failure,
    note_verdict,
    open_checks,
)
from server.review.safety.models import PushedVerdict, Source
from server.review.safety.rules import pieces, worst
from server.wechat.gateway import WechatGateway
from server.wechat.outcomes import WechatRefused, WechatSilent

KEPT = timedelta(days=3)  # of a verdict that nobody asked for any more


@job(OPEN_JOB, "登记要检查的内容")
def open_all(ctx: JobContext, source: str, subject_id: UUID) -> None:
    """Note what is to be checked of what just came."""
    with ctx.database.transaction() as session:
        open_checks(session, Source(source), subject_id, now=clock.now())


@job(ASK_JOB, "送微信检查内容")
def ask_wechat(ctx: JobContext, check_id: UUID) -> None:
    """Ask about one text or photo. Run twice, its verdict is applied once; what came of it is in its row."""
    with ctx.database.transaction() as session:
        question = begin_asking(session, check_id, ctx.settings, ctx.object_store, now=clock.now())
    if question is None:
        return
    gateway = WechatGateway.from_settings(ctx.settings, ctx.database)
    try:
        if question.url:
            _ask_about_photo(ctx, gateway, check_id, question)
        else:
            found = worst([gateway.check_text(question.openid, piece, scene=3) for piece in pieces(question.words)])
            with ctx.database.transaction() as session:
                note_verdict(session, check_id, found, now=clock.now())
    except (WechatRefused, WechatSilent) as error:
        with ctx.database.transaction() as session:
            note_failure(session, check_id, error, now=clock.now())


def _ask_about_photo(ctx: JobContext, gateway: WechatGateway, check_id: UUID, question: Question) -> None:
    trace_id = gateway.check_media(question.openid, question.url, scene=3)
    with ctx.database.transaction() as session:
        note_asked(session, check_id, trace_id, now=clock.now())
    with ctx.database.transaction() as session:  # a verdict that was faster than our note
        apply_pushed_verdict(session, trace_id, now=clock.now())


@job(VERDICT_JOB, "记下微信的检查结果")
def apply_verdict(ctx: JobContext, trace_id: str) -> None:
    """Apply a verdict that was pushed."""
    with ctx.database.transaction() as session:
        apply_pushed_verdict(session, trace_id, now=clock.now())


@periodic("safety.forget_verdicts", "清理检查结果", seconds=6 * 3600)
def forget_verdicts(ctx: JobContext) -> None:
    """Drop verdicts that have been applied or belong to nothing here."""
    with ctx.database.transaction() as session:
        session.execute(delete(PushedVerdict).where(PushedVerdict.received_at < clock.now() - KEPT))
