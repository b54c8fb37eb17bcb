"""JSON by orjson: faster, and strict about NaN, bad UTF-8 and depth."""

from typing import Any

import orjson
from flask import Response, request
from flask.json.provider import JSONProvider
from pydantic import BaseModel


class OrjsonProvider(JSONProvider):
    """Flask's JSON in and out."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Any:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return Response(body, mimetype="application/json")


def send_model(model: BaseModel, status: int = 200) -> Response:
    """A model as an answer, written in one go: what `bp.output` does with it goes by way of dictionaries."""
    return Response(model.__pydantic_serializer__.to_json(model), status, mimetype="application/json")


def send_json(body: bytes, etag: str) -> Response:
    """An answer that is written already: its reader keeps it and asks each time whether it has changed."""
    response = Response(body, mimetype="application/json")
    response.set_etag(etag)
    response.cache_control.private = response.cache_control.no_cache = True
    response.vary.add("Authorization")
    response.make_conditional(request)
    return response
