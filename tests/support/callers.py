"""The service's callers: a worker's phone and a reviewer's desk, in process or over HTTP, through the public door."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol
from uuid import UUID, uuid4

import requests
from flask import Flask
from requests.structures import CaseInsensitiveDict
from werkzeug.datastructures import FileStorage
from werkzeug.test import Client, encode_multipart

from server.core import clock, ids
from tests.support.images import Sample, jpeg
from tests.support.world import PASSWORD, POLICY_VERSION, Someone

File = tuple[str, bytes, str]  # name, content, media type


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def code(self) -> str:
        """The stable code of an error."""
        return str(self.json["error"]["code"])

    def ok(self) -> "Answer":
        """This answer, if it is below 400. Raises AssertionError that shows it otherwise."""
        assert self.status < 400, f"{self.status}: {self.body[:2000]!r}"
        return self


class Transport(Protocol):
    """How a request reaches the service. Keeps cookies."""

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        files: Mapping[str, File] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer: ...


class InProcess:
    """Straight into a Flask application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: Client = app.test_client()

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        files: Mapping[str, File] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        data: Any = body if body is not None or not (fields or files) else dict(fields or {})
        sent = dict(headers or {})
        if files:  # encoded here: werkzeug's client would leave a temporary file behind
            parts = {
                key: FileStorage(BytesIO(content), name, key, media_type)
                for key, (name, content, media_type) in files.items()
            }
            boundary, data = encode_multipart({**data, **parts})
            sent["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        response = self.client.open(path, method=method, data=data, headers=sent)
        with response:
            return Answer(response.status_code, response.get_data(), CaseInsensitiveDict(response.headers))


class OverHttp:
    """To a running service."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        self.session.trust_env = False

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        files: Mapping[str, File] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        response = self.session.request(
            method, self.base_url + path, data=body if body is not None else fields, files=files,
            headers=dict(headers or {}), timeout=60, allow_redirects=False,
        )  # fmt: skip
        return Answer(response.status_code, response.content, response.headers)


class Phone:
    """A worker's phone: JSON with a bearer token. `token=None` calls as nobody."""

    def __init__(self, transport: Transport, token: str | None = None) -> None:
        self.transport, self.token = transport, token

    def sign_in(self, code: str) -> "Phone":
        """Exchange a login code for a token and keep it, by somebody who has agreed to the privacy policy."""
        self.token = self.call("POST", "/api/v1/session", {"code": code}).ok().json["token"]
        return self.agree()

    def agree(self) -> "Phone":
        """Agree to the privacy policy."""
        self.call("PUT", "/api/v1/me/consent", {"version": POLICY_VERSION}).ok()
        return self

    def call(self, method: str, path: str, payload: Any = None, **kwargs: Any) -> Answer:
        """One request; `payload` is sent as JSON."""
        headers = {"Accept": "application/json", **kwargs.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if payload is not None:
            kwargs["body"] = json.dumps(payload).encode()
            headers["Content-Type"] = "application/json"
        return self.transport.send(method, path, headers=headers, **kwargs)

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, payload: Any = None, **kwargs: Any) -> Answer:
        return self.call("POST", path, payload, **kwargs)

    def put(self, path: str, payload: Any = None) -> Answer:
        return self.call("PUT", path, payload)

    def patch(self, path: str, payload: Any = None) -> Answer:
        return self.call("PATCH", path, payload)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def declare(self, hazard_id: UUID, hazard: Mapping[str, Any]) -> Answer:
        """PUT a hazard."""
        return self.put(f"/api/v1/hazards/{hazard_id}", dict(hazard))

    def upload(self, submission_id: UUID | str, sample: Sample, position: int = 0) -> Answer:
        """POST one photo of a submission."""
        return self.post(
            f"/api/v1/submissions/{submission_id}/photos",
            fields={"position": str(position)},
            files={"file": (sample.name, sample.content, sample.media_type)},
        )

    def send_pieces(self, sample: Sample) -> dict[str, Any]:
        """A file in two pieces; what the door that it is for is told of it."""
        upload_id, half = uuid4(), len(sample.content) // 2
        for offset, piece in ((0, sample.content[:half]), (half, sample.content[half:])):
            self.call("PUT", f"/api/v1/uploads/{upload_id}?offset={offset}", body=piece).ok()
        return {"upload_id": str(upload_id), "size": len(sample.content)}

    def report(self, *photos: Sample, **changes: Any) -> UUID:
        """A whole hazard: declared, every photo sent, in the queue. Returns its id, which of an anonymous one tells the
        day alone."""
        samples = photos or (jpeg(),)
        hazard_id = ids.new_id_of_day(clock.now()) if changes.get("is_anonymous") else ids.new_id()
        self.declare(hazard_id, hazard(samples, **changes)).ok()
        for position, sample in enumerate(samples):
            self.upload(hazard_id, sample, position).ok()
        return hazard_id


def hazard(photos: Sequence[Sample] = (), **changes: Any) -> dict[str, Any]:
    """A HazardIn for these photos: somewhere in the shipyard's hall unless `changes` say otherwise.

    Without `enterprise_id` it happened “somewhere else”, at the coordinates given here.
    """
    return {
        "category": "electric",
        "description": "配电箱门敞开，电线裸露",
        "place": "三号车间东门",
        "coordinates": {"latitude": 36.0662, "longitude": 120.3826, "datum": "wgs84", "accuracy": 20.0},
        "enterprise_id": None,
        "area_id": None,
        "photos": [sample.manifest for sample in photos],
        **{key: str(value) if isinstance(value, UUID) else value for key, value in changes.items()},
    }


CSRF_FIELD = re.compile(r'name="csrf_token"[^>]*?(?:value|content)="([^"]+)"')


class Desk:
    """A reviewer's browser without a screen: cookies, forms with their CSRF token."""

    def __init__(self, transport: Transport, csrf_token: str = "") -> None:
        self.transport = transport
        self._token = csrf_token

    def sign_in(self, who: Someone, password: str = PASSWORD) -> "Desk":
        """Sign in by the form. Raises AssertionError if that does not work."""
        answer = self.post("/console/sign-in", {"username": who.username or "", "password": password})
        assert answer.status in (302, 303), f"{answer.status}: {answer.text[:2000]}"
        return self

    def get(self, path: str, **headers: str) -> Answer:
        return self.transport.send("GET", path, headers=headers)

    @property
    def form_token(self) -> str:
        """A CSRF token that is good for every form of the session."""
        self._token = self._token or self._find_token()
        return self._token

    def csrf_token(self, page: str = "/console/sign-in") -> str:
        """The token in a page's form or head; empty if it has none."""
        found = CSRF_FIELD.search(self.get(page).text)
        return html.unescape(found[1]) if found else ""

    def post(
        self,
        path: str,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        *,
        form: str | None = None,
        files: Mapping[str, File] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Submit a form with the CSRF token of the page `form` (default: one it has, good for the session)."""
        token = self.csrf_token(form) if form else self.form_token
        # Signing in or out begins another session, and its first page gives another token.
        self._token = "" if path.startswith("/console/sign-") else token
        return self.transport.send(
            "POST", path, fields={"csrf_token": token, **(fields or {})}, files=files, headers=headers
        )

    def _find_token(self) -> str:
        return self.csrf_token("/console/account") or self.csrf_token()
