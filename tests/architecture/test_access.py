"""Who may call what is data, whole and without leftovers."""

import re

from flask import Flask

from server.core.web.access import PUBLIC, permission_of
from server.unions.roles import Role
from tests.support.sources import server_modules


def test_every_endpoint_names_a_permission(app: Flask) -> None:
    nameless = [rule.rule for rule in app.url_map.iter_rules() if permission_of(app, rule.endpoint) is None]
    assert nameless == []


def test_every_permission_in_use_is_declared(app: Flask) -> None:
    used = {permission_of(app, rule.endpoint) for rule in app.url_map.iter_rules()} - {PUBLIC}
    assert used - set(app.extensions["policy"]) == set()


def test_every_declared_permission_is_used(app: Flask) -> None:
    used = {permission_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    source = "\n".join(text for path, text in server_modules() if path.name != "permissions.py")
    unused = [name for name in app.extensions["policy"] if name not in used and f'"{name}"' not in source]
    assert unused == []


def test_permissions_are_named_noun_dot_verb_and_held_by_known_roles(app: Flask) -> None:
    for name, holders in app.extensions["policy"].items():
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", name), name
        assert holders, f"nobody holds {name}"
        assert set(holders) <= set(Role), name


def test_workers_hold_nothing_in_the_console_and_reviewers_nothing_in_the_api(app: Flask) -> None:
    policy = app.extensions["policy"]
    for rule in app.url_map.iter_rules():
        permission = permission_of(app, rule.endpoint)
        if permission == PUBLIC or permission is None:
            continue
        if rule.rule.startswith("/console"):
            assert Role.WORKER not in policy[permission], rule.rule


def test_open_doors_are_few_and_listed(app: Flask) -> None:
    """A new public endpoint is a decision: add it here."""
    open_doors = {rule.rule for rule in app.url_map.iter_rules() if permission_of(app, rule.endpoint) == PUBLIC}
    assert open_doors == OPEN_DOORS


OPEN_DOORS = {
    "/api/v1/campaign",  # what one may see before agreeing to anything
    "/api/v1/client-faults",
    "/api/v1/privacy",
    "/api/v1/privacy/policy",
    "/privacy",
    "/api/v1/locations/<code>",  # where a sticker hangs, for whoever stands before it
    "/exports/<uuid:export_id>",  # a signed link
    "/supervision/draws/<uuid:draw_id>",  # what was promised of a draw; the result once it is shown
    "/supervision/draws/<uuid:draw_id>/file",
    "/",
    "/api/v1/openapi.json",
    "/api/v1/receipts",  # reporting without an account; coming back by the code
    "/api/v1/receipts/open",
    "/api/v1/session",
    "/api/v1/sign-in/sms",
    "/api/v1/sign-in/sms-codes",
    "/api/v1/sign-in/ways",
    "/api/v1/sign-in/wechat",
    "/awards/<uuid:batch_id>",
    "/certificates/<code>",
    "/training-certificates/<code>",  # verified by its number, with a masked name
    "/certificates/<code>/image",
    "/console/sign-in",
    "/console/sign-in/code",
    "/console/sign-in/new-password",
    "/console/sign-in/scan",
    "/console/sign-in/scan/codes",
    "/console/sign-in/scan/enter",
    "/console/sign-in/scan/state",
    "/console/sign-out",
    "/draws/<uuid:draw_id>",
    "/draws/<uuid:draw_id>/file",
    "/draws/verify_draw.py",
    "/files/<uuid:file_id>/<any(original, display, thumbnail):name>",  # a signed link, as that of photos
    "/papers/<uuid:document_id>/<any(docx, pdf):form>",  # signed links
    "/healthz",
    "/metrics",
    "/photos/<uuid:photo_id>/<any(original, display, thumbnail, video):name>",
    "/prizes/<uuid:pool_id>",
    "/readyz",
    "/sign-in/wechat",
    "/sign-in/wechat/return",
    "/wechat/mini-program",
    "/wechat/official-account",
}
