"""Packages that others load if they are there, for what we do not use of them: memory in every process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(name: str) -> Iterator[None]:
    """To whoever imports it in this block, the package is not installed; unless it is loaded already, which costs
    nothing more. Where the block ends it can be had again."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # documented: an import of it fails
    try:
        yield
    finally:
        del sys.modules[name]
