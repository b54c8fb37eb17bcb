"""Asking the machine, outside of any transaction."""

from uuid import UUID

import structlog

from server.core.jobs.registry import JobContext, job
from server.core.storage.base import ObjectMissing, path_or_bytes
from server.photos.pictures.keys import Variant, derived_key
from server.photos.pictures.small_copies import small_copy_limited
from server.review.proposals.actions import ASK_JOB, settle_proposal
from server.review.proposals.asking.wording import read_proposal
from server.review.proposals.queries import find_question
from server.vision.chat_completions import VisionSilent
from server.vision.provider import provider_of

log = structlog.get_logger(__name__)

OFF = "现在不能请机器看，请自己定。"
SILENT = "机器现在没有答复，请自己定，或者过一会儿再请。"


@job(ASK_JOB, "请机器拟等级和答复", max_attempts=2, max_seconds=90)
def ask_machine(ctx: JobContext, proposal_id: UUID) -> None:
    """Ask for one proposal. What goes out is read when it goes: whoever took back their consent meanwhile is not in
    it."""
    with ctx.database.reading() as session:
        question = find_question(session, proposal_id)
    provider = provider_of(ctx.settings)
    proposed, fault = None, OFF
    if question is not None and provider is not None:
        picture = _picture(ctx, question.photo_id) if question.photo_id is not None else None
        try:
            proposed = read_proposal(provider.look(question.instruction, picture, question.words), question.grades)
            fault = ""
        except VisionSilent:
            fault = SILENT
    with ctx.database.transaction() as session:
        settle_proposal(session, proposal_id, proposed, fault)


def _picture(ctx: JobContext, photo_id: UUID) -> bytes | None:
    """The small copy of what reviewers see, which has nothing of the camera's in it; None: the words go alone."""
    try:
        shown = path_or_bytes(ctx.object_store, derived_key(photo_id, Variant.DISPLAY))
    except ObjectMissing:
        return None
    return small_copy_limited(shown, "image/jpeg", ctx.settings)
