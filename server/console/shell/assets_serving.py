"""The built front ends on the wire: the console's assets at /static/, the worker's H5 at /h5/.

Files are served before Flask sees the request, compressed where the build left a .br or .gz beside them and the browser
takes it. Fingerprinted names may be kept by browsers for ever; H5's index.html is asked for anew each time, because it
names the others.
"""

import json
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app
from whitenoise import WhiteNoise

from server.core.settings import Settings
from server.core.web.headers import content_policy, policy_text

STATIC = Path(__file__).parents[1] / "static"
MANIFEST = "manifest.json"
WORKER = "/h5/sw.js"  # the H5 page's service worker: names everything else, so it is asked for anew as well


class AssetsMissingError(Exception):
    """The console's assets have not been built."""

    def __init__(self) -> None:
        super().__init__(
            "管理端页面还没有构建：请运行 scripts/run，或在 server/console/assets 里运行 npm ci 和 npm run build"
        )


def install_assets(app: Flask) -> None:
    """Serve the built files around `app`, and give templates `asset(name)`."""
    settings: Settings = app.extensions["settings"]
    h5_headers = {
        "Content-Security-Policy": policy_text(
            content_policy(settings.photo_origin, map_origin=settings.map_origin, inline_styles=True)
        ),
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }

    def add_headers(headers: Any, _path: str, url: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        if url == WORKER:
            headers["Cache-Control"] = "no-cache"
            headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"  # it fetches, nothing else
        if url.startswith("/h5/") and url.endswith(("/", ".html")):
            headers["Cache-Control"] = "no-cache"
            for name, value in h5_headers.items():
                headers[name] = value

    files = WhiteNoise(
        app.wsgi_app,
        max_age=3600,
        allow_all_origins=False,
        index_file=True,
        immutable_file_test=_is_fingerprinted,
        add_headers_function=add_headers,
    )
    for folder, prefix in ((STATIC, "static/"), (settings.h5_dir, "h5/")):
        if folder.is_dir():
            files.add_files(str(folder), prefix=prefix)
    app.wsgi_app = files  # type: ignore[method-assign]  # Flask's documented way to wrap an application
    app.extensions["asset_manifest"] = _read_manifest()
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of an asset by its plain name ("console.js"). Raises AssetsMissingError before the first build."""
    manifest = cast(dict[str, str], current_app.extensions["asset_manifest"])
    try:
        return f"/static/{manifest[name]}"
    except KeyError:
        raise AssetsMissingError from None


def _is_fingerprinted(_path: str, url: str) -> bool:
    """Our build fingerprints every file but the manifest; Vite fingerprints what it puts into assets/."""
    return url.startswith("/h5/assets/") or (url.startswith("/static/") and not url.endswith(f"/{MANIFEST}"))


def _read_manifest() -> dict[str, str]:
    try:
        return cast(dict[str, str], json.loads((STATIC / MANIFEST).read_text()))
    except FileNotFoundError:
        return {}
