"""Asking somebody who is signed in for their password again, before what lets others in."""

from typing import Annotated

from pydantic import StringConstraints

from server.core import clock
from server.core.errors import Invalid, Unauthorized
from server.core.web.schemas import AsTyped, In
from server.core.web.unit_of_work import independent_transaction, read_only_session
from server.unions.accounts.actions import get_account_of
from server.unions.actor import current_actor
from server.unions.sign_in.attempts.checking import check_password
from server.unions.sign_in.attempts.origins import find_origin
from server.unions.throttle.actions import forgive_attempts

Typed = Annotated[str, AsTyped(), StringConstraints(max_length=200)]


class PasswordForm(In):
    """The password, to show that it is really them."""

    current: Typed = ""


def confirm_password(password: str) -> str:
    """Check that the caller knows the password of their own account. Returns its login name.

    Raises Invalid `wrong_credentials`, TooMany for somebody who keeps guessing.
    """
    actor = current_actor()
    with read_only_session() as reader:
        username = get_account_of(reader, actor.person_id).username
    wrong = "当前密码不对，请重新输入。" if password else "请输入当前密码。"
    try:
        check_password(username, password, clock.now())
    except Unauthorized as error:
        raise Invalid(wrong, code="wrong_credentials", fields={"current": wrong}) from error
    with independent_transaction() as writer:  # the caller may not have begun to write yet: SQLite has one writer
        forgive_attempts(writer, subject=f"account:{username}", origin=find_origin(actor.person_id).key)
    return username
