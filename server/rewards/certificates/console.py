"""Public pages of certificates: whoever has the code may verify it."""

from typing import cast

from flask import Blueprint, Response, current_app, render_template, send_file

from server.core.errors import NotFound, Unavailable
from server.core.storage.base import ObjectMissing, ObjectStore
from server.core.web.access import public
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.rewards.certificates.printing.addresses import picture_key
from server.rewards.certificates.queries import find_by_code
from server.rewards.certificates.texts import NAMELESS, day_words

bp = Blueprint("certificates_pages", __name__, template_folder="templates")


@bp.get("/certificates/<code>")
@limiter.limit("60/minute")
@public
def verify(code: str) -> str | tuple[str, int]:
    """Whether a code is that of a certificate, and what it says."""
    found = find_by_code(session(), code)
    page = render_template("certificates/verify.html", certificate=found, nameless=NAMELESS, day_words=day_words)
    return page if found is not None else (page, 404)


@bp.get("/certificates/<code>/image")
@limiter.limit("60/minute")
@public
def image(code: str) -> Response:
    """The certificate as a picture."""
    found = find_by_code(session(), code)
    if found is None:
        raise NotFound("没有这个编号的证书。")
    store = cast(ObjectStore, current_app.extensions["object_store"])
    try:
        content = store.open(picture_key(found.id))
    except ObjectMissing as missing:
        raise Unavailable("证书图片还在生成，请过一会儿再打开。证书已经有效。", code="picture_pending") from missing
    name = f"certificate-{found.code}.png"
    return send_file(content, mimetype="image/png", download_name=name, max_age=86_400)
