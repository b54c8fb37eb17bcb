"""What the owner of an account is told of: every change to how it is signed in to, on each phone that may."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.events import Event, subscribe
from server.kit.messages import Message
from server.notifications.inbox.actions import deliver_to_all
from server.unions.scans.models import LinkedPhone

CHANGES: Mapping[str, str] = {
    "phone_linked": "绑定了一部扫码登录的手机",
    "phone_unlinked": "解除了一部扫码登录的手机",
    "password_set": "换了密码",
    "totp_on": "开启了动态验证码",
    "totp_off": "关闭了动态验证码",
    "recovery_codes_made": "换了一组备用码",
    "recovery_code_used": "用一个备用码登录",
}
NOT_YOU = "如果不是您本人，请马上修改密码，并告诉上级工会。"


def on_security_changed(session: Session, event: Event) -> None:
    """Tell the owner, the phones that sign in to the account, and the one that just did or no longer does."""
    what, phone = CHANGES[event.data["what"]], event.data["phone"]
    linked = session.scalars(select(LinkedPhone.person_id).where(LinkedPhone.account_id == event.subject_id))
    people: set[UUID] = {event.subject_id, *linked} | ({phone} if phone is not None else set())
    message = Message("账号有变动", f"您的管理端账号“{event.data['username']}”{what}。{NOT_YOU}")
    deliver_to_all(session, sorted(people), f"account:{ids.new_id().hex}", message, submission_id=None, now=event.at)


def subscribe_accounts() -> None:
    """Listen by name."""
    subscribe("account.security_changed", on_security_changed)
