"""The OpenAPI document says what the service does: no 5xx, no answer outside the schema, whatever is sent."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.contract.conftest import Api
from tests.support.examples import examples
from tests.support.sources import ROOT

if TYPE_CHECKING:
    import schemathesis

BOUNDED = settings(
    max_examples=examples(5, full=30),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
FEW = settings(BOUNDED, max_examples=examples(1, full=8))  # where the answer hardly depends on what is sent


@pytest.fixture(scope="module")
def checks() -> list[Any]:
    """What every answer is held to."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    return [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_headers_conformance,
        checks.response_schema_conformance,
    ]


@pytest.fixture(scope="module")
def document(api: Api) -> Any:
    """The document as Schemathesis reads it; path ids are real ones half of the time, so that requests get far."""
    import schemathesis  # 2 CPU seconds, which processes that run other files need not spend

    loaded = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", api.app)
    known = [str(api.incomplete), str(api.queued)]

    @loaded.hook
    def map_path_parameters(context: Any, path_parameters: dict[str, Any]) -> dict[str, Any]:
        for name, value in (path_parameters or {}).items():
            choice = sum(str(value).encode()) % 4
            if choice < len(known):
                path_parameters[name] = known[choice]
        return path_parameters

    return loaded


def operations() -> list[tuple[str, str]]:
    """(method, path) of every operation, by the document as it is kept: an application that could be asked would be
    made anew in each process that collects tests."""
    paths = json.loads((ROOT / "miniprogram/openapi.json").read_bytes())["paths"]
    return [(method, path) for path, item in paths.items() for method in item if method in METHODS]


METHODS = ("get", "put", "post", "patch", "delete")
OPERATIONS = operations()


def try_everything(
    document: Any,
    operation: tuple[str, str],
    check: "Callable[[schemathesis.Case[Any]], None]",
    bounds: settings = BOUNDED,
) -> None:
    """Run `check` on requests that Schemathesis makes up for one operation, right ones and wrong ones."""
    from schemathesis import GenerationMode

    method, path = operation
    told = document.raw_schema["paths"][path][method]
    modes = list(GenerationMode)
    # Any words at all are right in a path that takes words.
    bounded = [
        each for each in told.get("parameters", ()) if each["in"] != "path" or each["schema"] != {"type": "string"}
    ]
    if not (bounded or told.get("requestBody") or told.get("security")):
        modes = [GenerationMode.POSITIVE]  # there is nothing that could be wrong with a request
    for mode in modes:
        decorate: Any = given(document[path][method].as_strategy(generation_mode=mode))
        bounds(decorate(check))()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: " ".join(operation))
def test_a_worker_never_gets_an_answer_outside_the_document(
    operation: tuple[str, str], document: Any, checks: list[Any], api: Api
) -> None:
    def check(case: "schemathesis.Case[Any]") -> None:
        # Signing out ends the session that it is called with.
        token = _fresh_token(api) if operation == ("delete", "/api/v1/session") else api.phone.token
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=checks)

    try_everything(document, operation, check)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: " ".join(operation))
def test_nobody_never_gets_an_answer_outside_the_document(
    operation: tuple[str, str], document: Any, checks: list[Any]
) -> None:
    needs_token = bool(document.raw_schema["paths"][operation[1]][operation[0]]["security"])

    def check(case: "schemathesis.Case[Any]") -> None:
        response = case.call_and_validate(checks=checks)
        if needs_token:
            # A path that fits no route is not found before anybody asks who is calling.
            assert response.status_code == 401 or (response.status_code in (404, 405) and "{" in operation[1])

    try_everything(document, operation, check, FEW if needs_token else BOUNDED)


def test_the_document_is_written_once_however_often_anybody_asks(api: Api) -> None:
    first = api.phone.get("/api/v1/openapi.json").ok()
    begun = time.process_time()
    for _ in range(20):
        assert api.phone.get("/api/v1/openapi.json").body == first.body
    assert time.process_time() - begun < 1


def test_the_document_is_openapi_3_1_and_names_every_operation(api: Api) -> None:
    document = json.loads(api.phone.get("/api/v1/openapi.json").ok().body)
    assert document["openapi"].startswith("3.1")
    named = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    served = {
        (method, "".join(f"{{{part}}}" if dynamic else part for dynamic, part in rule._trace).removeprefix("|"))
        for rule in api.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule != "/api/v1/openapi.json"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert named == served
    assert named == {(method.upper(), path) for method, path in OPERATIONS}, "the kept document is of another service"


def _fresh_token(api: Api) -> str:
    answer = api.phone.post("/api/v1/session", {"code": api.world.people.worker.code}).ok()
    return str(answer.json["token"])
