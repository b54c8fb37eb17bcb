"""The yardsticks: the least that Flask can do under the same gunicorn."""

import os
from pathlib import Path
from uuid import uuid4

from flask import Flask, Response, jsonify, request

app = Flask("bare")
FOLDER = Path(os.environ.get("BENCH_FOLDER", "."))


@app.get("/hello")
def hello() -> Response:
    """A little JSON."""
    return jsonify({"message": "hello"})


@app.post("/receive")
def receive() -> Response:
    """Take the same form as the service does, keep its file, and be sure that it is on the disk."""
    path = FOLDER / uuid4().hex
    request.files["file"].save(path)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return jsonify({"position": int(request.form["position"])})
