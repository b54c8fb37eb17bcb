"""The OpenAPI document: what APIFlask derives from the views, completed with what holds everywhere."""

from functools import cache
from typing import Any, cast

from apiflask import APIFlask
from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from server.core.web.access import PUBLIC, permission_of, public
from server.core.web.schemas import ErrorOut

DESCRIPTION = (
    "安全随手拍：职工拍隐患、工会审核反馈。"
    "时间一律为 UTC（ISO 8601）；错误一律为同一种形状，`message` 可以直接给职工看。"
)
PATH = "/api/v1/openapi.json"
METHODS = ("get", "put", "post", "delete", "patch")


def configure(app: APIFlask) -> None:
    """Version, servers and shapes of the document."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=DESCRIPTION,
        SYNC_LOCAL_SPEC=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        VALIDATION_ERROR_STATUS_CODE=422,
    )
    app.spec_processor(lambda spec: _complete(app, cast(dict[str, Any], spec)))

    @cache
    def document() -> bytes:
        """Written once: it takes a sixth of a second, and anybody may ask."""
        return jsonify(app.spec).get_data()

    @app.get(PATH)
    @public
    @app.doc(hide=True)
    def openapi_document() -> ResponseReturnValue:
        return Response(document(), mimetype="application/json")


def _complete(app: APIFlask, spec: dict[str, Any]) -> dict[str, Any]:
    components = spec.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    error = ErrorOut.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(error.pop("$defs"))
    schemas["ErrorOut"] = error
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    open_operations = _open_operations(app)
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                _complete_operation(item[method], is_open=(method, path) in open_operations)
    return spec


def _complete_operation(operation: dict[str, Any], *, is_open: bool) -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
    operation["responses"]["default"] = {"description": "出错时的统一形状", "content": content}
    operation["security"] = [] if is_open else [{"bearer": []}]


def _open_operations(app: APIFlask) -> set[tuple[str, str]]:
    """(method, path as in the document) of every view that anybody may call."""
    found: set[tuple[str, str]] = set()
    for rule in app.url_map.iter_rules():
        if permission_of(app, rule.endpoint) == PUBLIC:
            path = "".join(f"{{{text}}}" if dynamic else text for dynamic, text in rule._trace).removeprefix("|")
            found.update((method.lower(), path) for method in rule.methods or ())
    return found
