"""Objects that no row speaks of: what is left when a process dies between storing and noting."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from server.core.storage.base import ObjectStore, StoredObject

GRACE = timedelta(days=1)  # longer than any upload lasts
BATCH = 500


def remove_orphans(
    store: ObjectStore, prefix: str, before: datetime, kept: Callable[[Sequence[StoredObject]], set[str]]
) -> int:
    """Remove the objects below `prefix`, put before that instant, whose keys are not among those that `kept` gives of
    them. Returns how many.

    Every upload writes a key of its own and notes it within minutes, so an old key that is not noted never will be.
    """
    old = [found for found in store.objects(prefix) if found.modified_at < before]
    removed = 0
    for start in range(0, len(old), BATCH):
        batch = old[start : start + BATCH]
        keys = kept(batch)
        for found in batch:
            if found.key not in keys:
                store.delete(found.key)
                removed += 1
    return removed
