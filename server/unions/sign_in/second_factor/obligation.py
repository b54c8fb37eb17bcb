"""Roles that must have a second factor: whoever holds one and has none does nothing in the console but switch it on."""

from typing import cast

from flask import Response, current_app, url_for

from server.core.errors import AppError, Forbidden
from server.core.settings import PREFIX, Settings, SettingsError
from server.core.web.access import Actor as Caller
from server.unions.actor import Actor
from server.unions.roles import CONSOLE, Role
from server.unions.sign_in.requests.authentication import send_to

ENROLLING = "account.enrol"


class SecondFactorDue(Forbidden):
    """The caller's role asks for a second factor that they have not switched on."""

    code, message = "second_factor_due", "您的角色要先开启动态验证码，才能使用管理端。"


def demanded_roles(settings: Settings) -> frozenset[Role]:
    """The roles that must have a second factor. Raises SettingsError for what is no role of the console."""
    names = {each.strip() for each in settings.second_factor_roles.split(",") if each.strip()}
    if unknown := names - CONSOLE:
        known = "、".join(sorted(CONSOLE))
        raise SettingsError(
            f"{PREFIX}SECOND_FACTOR_ROLES 里没有这样的角色：{'、'.join(sorted(unknown))}。可以写：{known}"
        )
    return frozenset(map(Role, names))


def is_second_factor_due(actor: Actor) -> bool:
    """Whether the reviewer has yet to switch the second factor on before anything else."""
    if actor.has_second_factor:
        return False
    return actor.holds(*demanded_roles(cast(Settings, current_app.extensions["settings"])))


def require_second_factor(caller: Caller, permission: str | None) -> None:
    """Let who must have a second factor do nothing without. Raises SecondFactorDue."""
    if permission != ENROLLING and isinstance(caller, Actor) and is_second_factor_due(caller):
        raise SecondFactorDue


def enrolment_redirect(_error: AppError) -> Response:
    """Lead somebody to where the second factor is switched on."""
    return send_to(url_for("sign_in_console.account.show_enrolment"))
