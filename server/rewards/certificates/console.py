"""Public pages of certificates: whoever has the code may verify it."""

from flask import Blueprint, Response, current_app, render_template

from server.core.clock import in_shanghai
from server.core.errors import NotFound, Unavailable
from server.core.lettering import find_font
from server.core.web.access import public
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.rewards.certificates.addresses import verify_url
from server.rewards.certificates.models import Certificate
from server.rewards.certificates.picture import draw_certificate
from server.rewards.certificates.queries import find_by_code

bp = Blueprint("certificates_pages", __name__, template_folder="templates")
NAMELESS = "参赛职工"


@bp.get("/certificates/<code>")
@limiter.limit("60/minute")
@public
def verify(code: str) -> str | tuple[str, int]:
    """Whether a code is that of a certificate, and what it says."""
    found = find_by_code(session(), code)
    page = render_template("certificates/verify.html", certificate=found, nameless=NAMELESS)
    return page if found is not None else (page, 404)


@bp.get("/certificates/<code>/image")
@limiter.limit("60/minute")
@public
def image(code: str) -> Response:
    """The certificate as a picture."""
    found = find_by_code(session(), code)
    if found is None:
        raise NotFound("没有这个编号的证书。")
    response = Response(_draw(found), mimetype="image/png")
    response.headers["Content-Disposition"] = f'inline; filename="certificate-{found.code}.png"'
    response.cache_control.public = True
    response.cache_control.max_age = 86_400
    return response


def _draw(found: Certificate) -> bytes:
    font = find_font(current_app.extensions["settings"].font)
    if font is None:
        raise Unavailable("服务器上没有中文字体，暂时画不出证书。证书仍然有效，请稍后再来。", code="no_font")
    day = in_shanghai(found.issued_at)
    return draw_certificate(
        font,
        found.name or NAMELESS,
        found.enterprise_name,
        found.contest_name,
        found.issuer_name,
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        found.code,
        verify_url(found.code),
    )
