"""A file's way in by a stream, shared by the phone's door and the console's."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import cast
from uuid import UUID

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.core import clock
from server.core.errors import AppError, NotFound
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.web.access import find_actor, holders_of
from server.core.web.unit_of_work import database, read_only_session
from server.kit.files.actions import keep_file, remove_file, require_same
from server.kit.files.content import refusals
from server.kit.files.models import AttachedFile
from server.kit.files.queries import find_file
from server.kit.files.rules import FileKind, FileLimits, find_kind
from server.kit.files.schemas import ArrivalQuery
from server.kit.files.upload.storing import StoredFile, discard, store_file
from server.photos.upload import refusals as photo_refusals
from server.photos.upload.intake import Upload, drain, receiving_alone
from server.photos.upload.pieces import Joined, joining
from server.unions.actor import Actor


def acting_on(kind: FileKind, permission: str) -> Actor:
    """Who is asking, with the roles alone that carry the kind's permission. Raises NotFound if none does."""
    actor, holders = cast(Actor, find_actor()), holders_of(permission)
    if not actor.role_names & holders:
        raise NotFound
    return actor.carrying(holders)


def require_kind(subject: str) -> FileKind:
    """Raises NotFound for what no slice declares."""
    kind = find_kind(subject)
    if kind is None:
        raise NotFound
    return kind


def require_readable(session: Session, subject: str, subject_id: UUID) -> None:
    """Raises NotFound unless whoever is asking may see the files of that row."""
    kind = require_kind(subject)
    if not kind.may_read(session, subject_id, acting_on(kind, kind.read_permission)):
        raise NotFound


def take_file(
    file_id: UUID, asked: ArrivalQuery, sha256: str | None = None, joined: Joined | None = None
) -> tuple[AttachedFile, bool]:
    """Take one file out of the body of this request, or of pieces that came before; whether it is new. `sha256`: of
    what is meant to come.

    No connection is held while the body comes in, however slow the line is. What came before is answered again, also
    when nothing more may be added. Raises AppError.
    """
    try:
        kind = require_kind(asked.subject)
        actor = acting_on(kind, kind.write_permission)
        with read_only_session() as reader:
            known = find_file(reader, file_id)
            if known is not None and sha256 is not None and known.uploaded_by_id == actor.person_id:
                drain(request, _most(kind.limits))
                return require_same(known, asked.subject, asked.subject_id, asked.field, sha256), False
            limits = _admit(reader, kind, asked, actor, lock=False)
    except AppError:
        drain(request, _settings().file_max_bytes)
        raise
    with ExitStack() as stack:
        with _in_our_words(limits):
            alone = receiving_alone(request, _store().staging, _most(limits))
            body = joining(_store(), actor.person_id, joined, _most(limits)) if joined else alone
            upload = stack.enter_context(body)
        return _keep(upload, kind, file_id, asked, sha256, limits, actor)


def drop_file(file_id: UUID) -> None:
    """Remove a file for whoever is asking. Raises NotFound, or what the kind's `may_write` raises."""
    with database().transaction() as session:
        file = find_file(session, file_id)
        if file is None:
            raise NotFound
        kind = require_kind(file.subject)
        actor = acting_on(kind, kind.write_permission)
        if not kind.may_write(session, file.subject_id, actor, lock=True):
            raise NotFound
        remove_file(session, file, actor=actor, now=clock.now())


def _admit(session: Session, kind: FileKind, asked: ArrivalQuery, actor: Actor, *, lock: bool) -> FileLimits:
    if not kind.may_write(session, asked.subject_id, actor, lock=lock):
        raise NotFound
    return kind.limits_at(session, asked.subject_id, asked.field)


def _keep(
    upload: Upload, kind: FileKind, file_id: UUID, asked: ArrivalQuery, sha256: str | None, limits: FileLimits,
    actor: Actor,
) -> tuple[AttachedFile, bool]:  # fmt: skip
    """Check the file and keep it: the object is durable before the row says so."""
    if not upload.size:
        raise refusals.FileEmpty
    if sha256 is not None and upload.sha256 != sha256:
        raise refusals.FileNotDeclared
    stored = store_file(
        _store(), _settings(), upload.path, name=asked.name, size=upload.size, sha256=upload.sha256, limits=limits
    )
    counts = False
    try:
        with database().transaction() as session:
            _admit(session, kind, asked, actor, lock=True)
            file = keep_file(
                session, kind, asked.subject_id, stored, file_id=file_id, field=asked.field, actor=actor,
                now=clock.now(),
            )  # fmt: skip
            counts = file.object_id == stored.object_id
    except AppError:
        counts = False  # rolled back
        raise
    except Exception:
        counts = _was_kept(file_id, stored)
        raise
    finally:
        if not counts:
            discard(_store(), stored)
    return file, counts


def _was_kept(file_id: UUID, stored: StoredFile) -> bool:
    """After a commit that failed without telling how: did it go through? True if nobody can say; the sweep will."""
    try:
        with read_only_session() as reader:
            file = find_file(reader, file_id)
            return file is not None and file.object_id == stored.object_id
    except SQLAlchemyError:
        return True


@contextmanager
def _in_our_words(limits: FileLimits) -> Iterator[None]:
    """The refusals of a photo's stream, which speak of photos."""
    try:
        yield
    except photo_refusals.UploadInterrupted as error:
        raise refusals.UploadInterrupted from error
    except photo_refusals.UploadIncomplete as error:
        raise refusals.UploadIncomplete from error
    except photo_refusals.UploadMalformed as error:
        raise refusals.UploadMalformed from error
    except photo_refusals.PhotoRefused as error:  # over the cap
        raise refusals.too_large(_most(limits)) from error


def _most(limits: FileLimits) -> int:
    return min(limits.max_bytes, _settings().file_max_bytes)


def _store() -> ObjectStore:
    return cast(ObjectStore, current_app.extensions["object_store"])


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])
