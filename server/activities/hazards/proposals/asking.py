"""Asking for a proposal: a picture that comes in, goes out small, and is kept nowhere."""

from flask import request

from server.activities.hazards.proposals.reading import instruction_of, read_proposal
from server.activities.hazards.schemas import ProposalOut
from server.core.errors import NotFound
from server.core.web.unit_of_work import read_only_session
from server.photos.formats import inspect
from server.photos.pictures.small_copies import small_copy_limited
from server.photos.upload.intake import drain, receiving_alone
from server.photos.upload.receiving import settings, store
from server.photos.upload.refusals import PhotoEmpty
from server.unions.campaigns.queries import get_current_campaign, list_categories
from server.unions.policies.queries import is_told
from server.unions.policies.texts import Outsider
from server.vision.chat_completions import VisionSilent
from server.vision.provider import provider_of

MAX_BYTES = 3 * 1024 * 1024  # phones send a small copy


def propose() -> ProposalOut:
    """What the picture in the body of this request may show. Whoever looks does not learn who asked; nothing is kept
    here but what any request leaves in the log.

    No connection is held meanwhile. Raises NotFound `proposals_off`, VisionSilent, and AppError as uploads do.
    """
    with read_only_session() as reader:
        provider = provider_of(settings()) if is_told(reader, Outsider.PROPOSALS) else None
        categories = list_categories(get_current_campaign(reader))
    if provider is None:
        drain(request, MAX_BYTES)
        raise NotFound("没有开通机器建议。", code="proposals_off")
    with receiving_alone(request, store().staging, MAX_BYTES) as upload:
        if not upload.size:
            raise PhotoEmpty
        picture = inspect(upload.path, settings().photo_max_pixels, settings().photo_decode_bytes)
        copy = small_copy_limited(upload.path, picture.media_type, settings())
    if copy is None:
        raise VisionSilent
    return read_proposal(provider.look(instruction_of(categories), copy), categories)
