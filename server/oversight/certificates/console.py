"""Pages of marks and certificates of a training; the public page on which anybody verifies one."""

from decimal import Decimal
from uuid import UUID

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.core import clock
from server.core.errors import AppError, Invalid
from server.core.web.access import public, requires
from server.core.web.forms import Form, form_values
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.kit.exports.ledgers.workbooks import send_workbook
from server.oversight.certificates.actions import enter_marks, issue_certificates, withdraw
from server.oversight.certificates.queries import get_certificate, read_certified, verify
from server.oversight.certificates.rules import mask_name
from server.oversight.certificates.schemas import MarkIn, PassMarkIn, WithdrawIn
from server.oversight.certificates.workbook import marks_sheet
from server.oversight.training.models import TrainingSession
from server.oversight.training.queries import get_session, leads_for
from server.unions.actor import current_actor

bp = Blueprint("training_certificates_console", __name__, template_folder="templates")
BASE = "/console/training-certificates"
Page = str | tuple[str, int] | AnyResponse


@bp.get(f"{BASE}/<uuid:session_id>")
@requires("training_certificate.read")
def certified(session_id: UUID) -> str:
    """Everybody who was there, with mark and certificate."""
    return _page(session_id)


@bp.get(f"{BASE}/<uuid:session_id>/marks.xlsx")
@requires("training_certificate.read")
def marks(session_id: UUID) -> Response:
    """考核成绩表."""
    found = read_certified(session(), session_id, current_actor())
    return send_workbook(f"考核成绩表 {found.session.number}", marks_sheet(found))


@bp.post(f"{BASE}/<uuid:session_id>/marks")
@requires("training_certificate.issue")
def mark(session_id: UUID) -> Page:
    """Keep the marks of a test on paper."""
    posted = form_values()
    try:
        rule = Form(PassMarkIn, {"pass_mark": posted.get("pass_mark", "")}).require("合格线要填数字。")
        enter_marks(
            session(), session_id, rule.pass_mark, _marks(posted), actor=current_actor(), now=clock.now()
        )  # fmt: skip
    except AppError as error:
        return _refused(session_id, error)
    flash("成绩已保存。")
    return redirect(f"{BASE}/{session_id}", code=303)


def _marks(posted: dict[str, str]) -> dict[UUID, Decimal]:
    """By attendance; what was left empty is no mark, and what stands as the page showed it says nothing: a phone may
    have sent a better one since."""
    found = {}
    for name, value in posted.items():
        if name.startswith("mark-") and value.strip() and value.strip() != posted.get(f"was-{name}"):
            try:
                found[UUID(name.removeprefix("mark-"))] = Form(MarkIn, {"mark": value.strip()}).require().mark
            except (ValueError, Invalid) as error:
                raise Invalid(f"“{value[:20]}”不是成绩，要填 0 到 1000 的数，最多一位小数。") from error
    return found


@bp.post(f"{BASE}/<uuid:session_id>/issue")
@requires("training_certificate.issue")
def issue(session_id: UUID) -> Page:
    """Certificates for all who may have one."""
    try:
        count = issue_certificates(session(), session_id, actor=current_actor(), now=clock.now())
    except AppError as error:
        return _refused(session_id, error)
    flash(f"已发 {count} 张证书。" if count else "没有要发的：参训计入、考核合格的都有了。")
    return redirect(f"{BASE}/{session_id}", code=303)


@bp.post(f"{BASE}/certificates/<uuid:certificate_id>/withdraw")
@requires("training_certificate.issue")
def withdraw_one(certificate_id: UUID) -> Page:
    """One of them holds no more."""
    actor = current_actor()
    session_id = get_certificate(session(), certificate_id, actor).session_id
    try:
        form = Form(WithdrawIn, form_values()).require("请写明撤销的原因。")
        withdraw(session(), certificate_id, form.reason, actor=actor, now=clock.now())
    except AppError as error:
        return _refused(session_id, error)
    flash("证书已撤销。这个人还合格的话，再点“发证书”会另发一张；不该再发的，先更正成绩或参训。")
    return redirect(f"{BASE}/{session_id}", code=303)


@bp.get(f"{BASE}/certificates/<uuid:certificate_id>")
@requires("training_certificate.read")
def paper(certificate_id: UUID) -> str:
    """A certificate to print, with the code that leads to its public page."""
    found = get_certificate(session(), certificate_id, current_actor())
    address = f"{request.url_root.rstrip('/')}/training-certificates/{found.code}"
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    return render_template(
        "training_certificates/paper.html", certificate=found, picture=picture, address=address,
        is_holder=_is_holder(get_session(session(), found.session_id, current_actor())),
        issued_on=clock.day_in_words(clock.day_of(found.issued_at)),
    )  # fmt: skip


def _is_holder(held: TrainingSession) -> bool:
    """Whether the actor is of the union that holds it, which alone gives marks and certificates."""
    return leads_for(current_actor(), held.organiser_id) is not None


@bp.get("/training-certificates/<code>")
@limiter.limit("60/minute")
@public
def verify_one(code: str) -> str | tuple[str, int]:
    """Whether a number is that of a certificate, and what it says; of the name no more than its first character."""
    found = verify(session(), code)
    page = render_template("training_certificates/verify.html", found=found, mask_name=mask_name)
    return page if found is not None else (page, 404)


def _refused(session_id: UUID, error: AppError) -> tuple[str, int]:
    if error.status == 404:
        raise error
    session().rollback()
    return _page(session_id, error.message), error.status


def _page(session_id: UUID, message: str = "") -> str:
    found = read_certified(session(), session_id, current_actor())
    typed = {name: value for name, value in form_values().items() if value} if message else {}
    return render_template(
        "training_certificates/session.html", found=found, message=message, typed=typed,
        ready=sum(each.may_have_one for each in found.candidates), is_holder=_is_holder(found.session),
    )  # fmt: skip
