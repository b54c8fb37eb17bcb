"""Links to files: whoever has one may open it, for a quarter of an hour, and needs nothing else.

A link's end is rounded up as that of a photo's is. Pictures that are shown lead to the bucket where there is one; what
came from outside is handed out by this service alone, which says that it is to be saved and never shown.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import current_app

from server.core import clock
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.web.signatures import is_genuine, sign
from server.kit.files.models import AttachedFile
from server.kit.files.schemas import FileOut
from server.kit.files.serving.keys import object_key
from server.photos.pictures.keys import Variant
from server.photos.pictures.links import period

PURPOSE = "file-link/1"


def signed_file_url(
    file: AttachedFile, variant: Variant = Variant.ORIGINAL, *, now: datetime | None = None
) -> str | None:
    """A link to a file or to a picture made of it, None if there is no such picture (yet). Whether the user may have it
    is up to the caller."""
    settings, variant = cast(Settings, current_app.extensions["settings"]), Variant(variant)  # of a template: its name
    starts, ends = period(settings, now or clock.now())
    if variant is Variant.ORIGINAL:
        return _local_link(settings, file.id, variant, ends)
    if not file.is_shown:
        return None
    store = cast(ObjectStore, current_app.extensions["object_store"])
    address = store.signed_url(object_key(file.object_id, variant), starts, ends)
    return address or _local_link(settings, file.id, variant, ends)


def describe_files(files: Iterable[AttachedFile], *, now: datetime | None = None) -> list[FileOut]:
    """What a client gets of files, with links."""
    moment = now or clock.now()
    return [
        FileOut(
            id=file.id, field=file.field, position=file.position, name=file.name, media_type=file.media_type,
            size=file.size, sha256=file.sha256, state=file.state, width=file.width, height=file.height,
            url=str(signed_file_url(file, now=moment)),
            display_url=signed_file_url(file, Variant.DISPLAY, now=moment),
            thumbnail_url=signed_file_url(file, Variant.THUMBNAIL, now=moment),
        )
        for file in files
    ]  # fmt: skip


def is_valid(settings: Settings, file_id: UUID, variant: Variant, end: int, signature: str, now: datetime) -> bool:
    """Whether we made this link and it still holds."""
    return is_genuine(settings, signature, PURPOSE, file_id, variant, end) and now.timestamp() < end


def _local_link(settings: Settings, file_id: UUID, variant: Variant, ends: datetime) -> str:
    end = int(ends.timestamp())
    return f"/files/{file_id}/{variant}?e={end}&s={sign(settings, PURPOSE, file_id, variant, end)}"
