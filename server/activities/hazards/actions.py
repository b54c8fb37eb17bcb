"""Writes of hazards: the hot path of the whole service. Few statements, no ORM flush, ids not made by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from server.activities.hazards.models import Hazard
from server.activities.hazards.schemas import HazardIn
from server.activities.locations.queries import find_location_at
from server.assignments.findings.ports import FoundHazard
from server.core import ids
from server.core.db import Database, settings_of
from server.core.errors import Conflict, Invalid
from server.core.ids import is_uuid7
from server.core.new_rows import NewRow, insert_unless_known, write_unless_known
from server.core.storage.base import ObjectStore
from server.kit.files.models import AttachedFile
from server.kit.files.serving.reading import read_file
from server.photos.actions import check_manifest, receive_photo, rows_of_photos
from server.photos.formats import Picture
from server.photos.pictures.keys import original_key
from server.photos.schemas import PhotoDeclared
from server.review.duplicates.actions import row_of_claim
from server.review.duplicates.queries import may_be_claimed
from server.review.submissions.actions import (
    TAKES_NEW,
    NewSubmission,
    check_replay,
    complete_photos,
    hash_content,
    require_open,
    row_of_submission,
    rows_of_creation,
)
from server.review.submissions.anonymity.identity import check_id_tells_no_time
from server.review.submissions.models import Kind
from server.review.submissions.routing.answering_union import Route, find_route, find_route_past
from server.review.submissions.texts import excerpt_of
from server.unions.campaigns.queries import CampaignFacts, campaign_facts, current_campaign

CLOCK_TOLERANCE = timedelta(hours=48)  # how far a phone's clock may run ahead
_HAZARDS = cast(Table, Hazard.__table__)


@dataclass(frozen=True, slots=True)
class PreparedHazard:
    """A report that has passed every check, ready to be written."""

    submission: NewSubmission
    body: HazardIn
    campaign: CampaignFacts
    route: Route
    same_as: UUID | None = None
    location_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SubmittedHazard:
    """What became of a report: new with the ids of its declared photos, or known already."""

    is_new: bool
    photo_ids: Sequence[UUID]


def prepare_hazard(
    session: Session, hazard_id: UUID, body: HazardIn, *, reporter_id: UUID, now: datetime
) -> PreparedHazard:
    """Check a report against the campaign, the tree and the clock. Reads only, at most one statement when warm; one
    more where it says that it is the same as another.

    Raises Invalid naming the field, Conflict when the campaign has ended or takes no hazards, TooLarge for a photo over
    the cap.
    """
    _check_id(hazard_id, now)
    if body.is_anonymous:
        check_id_tells_no_time(hazard_id)
    check_manifest(body.photos, settings_of(session))
    campaign = current_campaign(session)
    require_open(session, campaign, hazard_id, reporter_id, now)
    if Kind.HAZARD.value not in campaign.activities:
        raise Conflict("现在没有开展“安全隐患随手拍”。", code="activity_disabled")
    if body.category not in campaign.categories:
        raise Invalid("请重新选择隐患类别。", fields={"category": "没有这个类别，请重新选择"})
    route = _find_route(session, body)
    submission = NewSubmission(
        id=hazard_id,
        kind=Kind.HAZARD,
        campaign_id=campaign.id,
        reporter_id=reporter_id,
        content_hash=hash_content(body.model_dump_json(exclude_defaults=True)),
        category=body.category,
        excerpt=excerpt_of(body.description, campaign.category_name(body.category)),
        place=body.place,
        photos_expected=len(body.photos),
        route=route,
        is_anonymous=body.is_anonymous,
        kept_from_id=body.enterprise_id if body.is_direct else None,
    )
    is_known = body.same_as is not None and not body.is_direct and may_be_claimed(session, body.same_as, reporter_id)
    same_as = body.same_as if is_known else None
    return PreparedHazard(submission, body, campaign, route, same_as, _find_location(session, body))


def _find_location(session: Session, body: HazardIn) -> UUID | None:
    """Where the code hangs that was scanned. One of another enterprise, or of nowhere, refuses no report."""
    if body.location_code is None or body.enterprise_id is None:
        return None
    return find_location_at(session, body.location_code, body.enterprise_id)


def _find_route(session: Session, body: HazardIn) -> Route:
    if body.is_direct and body.enterprise_id is not None:
        return find_route_past(session, body.enterprise_id)
    return find_route(session, enterprise_id=body.enterprise_id, area_id=body.area_id, place=body.place)


def submit_hazard(database: Database, prepared: PreparedHazard, *, now: datetime) -> SubmittedHazard:
    """Write a report, or find that it was written before, as a transaction of its own: committed when this returns.
    Safe to repeat and to race: one is new, the others are known.

    Raises Conflict if other content, or another person's, stands under that id, or its campaign was archived meanwhile.
    """
    photo_ids, first, rows = rows_of_report(prepared, now)
    if write_unless_known(database, first, rows, only_if=TAKES_NEW):
        return SubmittedHazard(True, photo_ids)
    with database.reading() as session:
        check_replay(session, prepared.submission)
    return SubmittedHazard(False, ())


def rows_of_report(prepared: PreparedHazard, now: datetime) -> tuple[list[UUID], NewRow, list[NewRow]]:
    """The ids of its photos, the submission itself and what hangs on it."""
    new = prepared.submission
    claims = [row_of_claim(new.id, prepared.same_as)] if prepared.same_as is not None else []
    photo_ids, photos = rows_of_photos(
        new.id, new.reporter_id, prepared.body.photos, of_day=now if new.is_anonymous else None
    )
    rows: list[NewRow] = [(_HAZARDS, _hazard_values(prepared)), *claims, *rows_of_creation(new, now), *photos]
    return photo_ids, row_of_submission(new, now), rows


def submit_found_hazard(session: Session, store: ObjectStore, found: FoundHazard, *, now: datetime) -> UUID:
    """Write what a check found, with copies of its pictures. Returns its id."""
    campaign = campaign_facts(session, found.campaign_id)
    category = next((each for each in found.categories if each in campaign.categories), next(iter(campaign.categories)))
    new = NewSubmission(
        id=ids.new_id(), kind=Kind.HAZARD, campaign_id=campaign.id, reporter_id=found.reporter_id,
        content_hash=hash_content(found.description), category=category,
        excerpt=excerpt_of(found.description.partition("\n")[0], campaign.category_name(category)),
        place=found.place, photos_expected=len(found.pictures), route=found.route,
    )  # fmt: skip
    hazard = {"submission_id": new.id, "description": found.description}
    manifest = [PhotoDeclared(sha256=file.sha256, size=file.size) for file in found.pictures]
    photo_ids, photos = rows_of_photos(new.id, new.reporter_id, manifest)
    rows = [(_HAZARDS, hazard), *rows_of_creation(new, now), *photos]
    insert_unless_known(session, row_of_submission(new, now), rows)
    for position, (file, photo_id) in enumerate(zip(found.pictures, photo_ids, strict=True)):
        _take_picture(session, store, new, file, photo_id, position, now)
    if not photo_ids:
        complete_photos(session, new.id, now)
    return new.id


def _take_picture(
    session: Session, store: ObjectStore, new: NewSubmission, file: AttachedFile, photo_id: UUID, position: int,
    now: datetime,
) -> None:  # fmt: skip
    object_id = ids.new_id()
    with read_file(store, file) as content:  # the object is there before its row says so
        store.put_bytes(original_key(photo_id, object_id), content.read(), file.media_type)
    receive_photo(
        session, new.id, new.reporter_id, sha256=file.sha256, position=position,
        picture=Picture(file.media_type, file.width or 0, file.height or 0), object_id=object_id, now=now,
    )  # fmt: skip


def _check_id(hazard_id: UUID, now: datetime) -> None:
    if not is_uuid7(hazard_id):
        raise Invalid("编号格式不对。", fields={"id": "要用 UUIDv7"})
    made_at = hazard_id.int >> 80  # milliseconds since 1970
    if made_at > (now + CLOCK_TOLERANCE).timestamp() * 1000:
        message = "手机的时间不对，请打开“自动设置时间”后再试。"
        raise Invalid(message, code="clock_ahead", fields={"id": "来自未来的编号"})


def _hazard_values(prepared: PreparedHazard) -> dict[str, Any]:
    body = prepared.body
    point = body.coordinates
    return {
        "submission_id": prepared.submission.id,
        "description": body.description,
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "datum": point.datum if point else None,
        "accuracy": point.accuracy if point else None,
        "area_id": body.area_id,
        "location_id": prepared.location_id,
    }
