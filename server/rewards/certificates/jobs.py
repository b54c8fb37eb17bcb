"""Background work on certificates."""

from uuid import UUID

from server.core.jobs.registry import GiveUp, JobContext, job
from server.rewards.certificates.models import Certificate
from server.rewards.certificates.printing.addresses import picture_key
from server.rewards.certificates.texts import NAMELESS, day_words


@job("certificates.draw_picture", "制作证书图片", max_attempts=4)
def draw_picture(ctx: JobContext, certificate_id: UUID, address: str) -> None:
    """Draw a certificate. What it says is fixed, so that drawing it twice gives the same."""
    from server.core.image_drawing import find_font  # the worker alone pays for Pillow
    from server.rewards.certificates.printing.picture import draw_certificate

    font = find_font(ctx.settings.font)
    if font is None:
        raise GiveUp("no Chinese font is installed; install one or set SUISHOUPAI_FONT, then retry")
    with ctx.database.reading() as session:
        found = session.get(Certificate, certificate_id)
    if found is None:
        raise GiveUp("the certificate is gone")
    content = draw_certificate(
        font,
        name=found.name or NAMELESS,
        enterprise=found.enterprise_name,
        contest=found.contest_name,
        issuer=found.issuer_name,
        day=day_words(found.issued_at),
        code=found.code,
        address=address,
    )
    ctx.object_store.put_bytes(picture_key(found.id), content, "image/png")
