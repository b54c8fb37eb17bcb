"""Who may call what: every view names its permission; slices declare which roles hold it; one gate checks both."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

from flask import Flask, current_app, g, request

from server.core.errors import Forbidden, Unauthorized

PUBLIC = "public"
ATTRIBUTE = "required_permission"

F = TypeVar("F", bound=Callable[..., Any])
Policy = Mapping[str, frozenset[str]]


class Actor(Protocol):
    """What the gate needs to know of whoever is asking."""

    @property
    def role_names(self) -> frozenset[str]: ...


Authenticator = Callable[[], Actor | None]
Condition = Callable[[Actor, str | None], None]
"""Raises an AppError unless the caller may use the permission just now."""


def requires(permission: str) -> Callable[[F], F]:
    """Name the permission of a view. Stands directly under the route decorator."""

    def mark(view: F) -> F:
        setattr(view, ATTRIBUTE, permission)
        return view

    return mark


def public(view: F) -> F:
    """Mark a view that anybody may call."""
    return requires(PUBLIC)(view)


def permission_of(app: Flask, endpoint: str) -> str | None:
    """The permission that the view behind `endpoint` names, None if it names none."""
    return cast(str | None, getattr(app.view_functions[endpoint], ATTRIBUTE, None))


def merge_policies(*policies: Policy) -> dict[str, frozenset[str]]:
    """One policy from those of the slices. Raises ValueError if two slices declare the same permission."""
    merged: dict[str, frozenset[str]] = {}
    for policy in policies:
        if twice := merged.keys() & policy.keys():
            raise ValueError(f"permissions declared twice: {sorted(twice)}")
        merged.update(policy)
    return merged


def install(
    app: Flask, policy: Policy, authenticators: Mapping[str, Authenticator], conditions: Sequence[Condition] = ()
) -> None:
    """Put the gate before every view. `authenticators` maps a path prefix to who recognises the caller behind it.

    `conditions` are asked about callers who hold the permission.
    """
    app.extensions["policy"] = policy
    app.extensions["conditions"] = conditions
    app.extensions["authenticators"] = authenticators
    app.before_request(_check)


def find_actor() -> Actor | None:
    """The caller, recognised by the door they came through; None if nobody is signed in."""
    if "actor" not in g:
        g.actor = None
        for prefix, authenticate in current_app.extensions["authenticators"].items():
            if request.path.startswith(prefix):
                g.actor = authenticate()
                break
    return cast(Actor | None, g.actor)


def holders_of(permission: str | None) -> frozenset[str]:
    """The roles that carry `permission`; none for what no slice declares."""
    return cast(Policy, current_app.extensions["policy"]).get(permission or "", frozenset())


def asked_permission() -> str | None:
    """The permission by which the present request was let in; None outside of the gate and at doors open to anybody."""
    permission = permission_of(current_app, request.endpoint) if request.endpoint is not None else None
    return None if permission == PUBLIC else permission


def _check() -> None:
    if request.endpoint is None or request.routing_exception is not None:
        return  # the router answers 404 or 405
    permission = permission_of(current_app, request.endpoint)
    if permission == PUBLIC:
        return
    actor = find_actor()
    if actor is None:
        raise Unauthorized
    if not holders_of(permission) & actor.role_names:
        raise Forbidden
    for condition in current_app.extensions["conditions"]:
        condition(actor, permission)
