"""Parts of pages that are drawn once for all who see the same: what stands around every page, and the lines of a list
to which clerks come back after each decision."""

import sys
from collections.abc import Hashable
from threading import Lock
from typing import Any, cast

from cachetools import LRUCache
from flask import current_app
from markupsafe import Markup

KEPT = 8_000_000  # bytes of markup in a process: some thousand lines
_NAME = "drawn parts"  # among the application's extensions
_lock = Lock()


def _kept() -> "LRUCache[Any, Markup]":
    extensions = current_app.extensions
    if _NAME not in extensions:
        extensions[_NAME] = LRUCache(KEPT, sys.getsizeof)
    return cast("LRUCache[Any, Markup]", extensions[_NAME])


def draw_once(template: str, macro: str, *shown: Hashable) -> Markup:
    """What a macro makes of `shown`. It may use nothing else, neither who asks nor the time of day (**rule**: a test
    looks at what its template names), so that nobody gets what was drawn for another who sees something else."""
    kept = _kept()
    key = (template, macro, shown)
    with _lock:
        found = kept.get(key)
    if found is None:
        module = current_app.jinja_env.get_template(template).module
        found = Markup(getattr(module, macro)(*shown))  # noqa: S704 - a macro's, which has escaped what it was given
        with _lock:
            kept[key] = found
    return found
