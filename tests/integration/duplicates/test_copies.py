"""Photos used again are found among all that ever came, whoever sent them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, insert, select, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.actions import enqueue
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.photos.copies.prints import PrintIndex
from server.photos.copies.spots import SPOTS
from server.photos.jobs import print_old
from server.photos.models import Likeness, Photo, PhotoCopy, PhotoPrint
from server.photos.pictures.decoding import Pixels
from server.photos.pictures.keys import Variant, derived_key
from server.review.duplicates.queries import list_photo_matches, list_reuse_flags
from tests.support.callers import Phone
from tests.support.pictures import cropped, flipped, workshop
from tests.support.world import Someone, World

RunJobs = Callable[..., int]


def a_fifth_less(pixels: Pixels) -> Pixels:
    return cropped(pixels, 0.2)


@pytest.fixture
def colleague(phone_of: Callable[[Someone], Phone], world: World) -> Phone:
    return phone_of(world.people.colleague)


def likenesses(database: Database, submission_id: UUID) -> list[tuple[UUID, Likeness]]:
    with database.reading() as session:
        found = list_photo_matches(session, [submission_id])[submission_id]
    return [(match.other_submission_id, match.likeness) for match in found]


@pytest.mark.parametrize(
    ("change", "likeness"), [(None, Likeness.SAME_FILE), (a_fifth_less, Likeness.COPY), (flipped, Likeness.MIRRORED)]
)
def test_a_copy_of_somebody_elses_photo_is_found_from_both_ends(
    phone: Phone, colleague: Phone, run_jobs: RunJobs, database: Database, world: World,
    change: Callable[[Pixels], Pixels] | None, likeness: Likeness,
) -> None:  # fmt: skip
    first = phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    again = colleague.report(workshop(1, change), enterprise_id=world.unions.shipyard)
    other = colleague.report(workshop(2), enterprise_id=world.unions.shipyard)
    run_jobs()
    assert likenesses(database, again) == [(first, likeness)]
    assert likenesses(database, first) == [(again, likeness)]
    assert likenesses(database, other) == []


def test_only_the_later_one_is_flagged_and_the_words_tell_who_and_when(
    phone: Phone, colleague: Phone, run_jobs: RunJobs, database: Database, world: World
) -> None:
    first = phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    again = colleague.report(workshop(1), enterprise_id=world.unions.bakery)
    mine = phone.report(workshop(1), enterprise_id=world.unions.bakery)
    run_jobs()
    with database.reading() as session:
        flags = list_reuse_flags(session, [first, again, mine])
    assert flags[first] == []
    assert [flag.match.is_same_person for flag in flags[again]] == [False]
    assert [flag.match.is_same_person for flag in flags[mine]] == [True, False]
    assert "年由别人用过（相同）" in flags[again][0].text


def test_the_index_reads_each_print_once_also_one_that_is_committed_after_later_ones(
    phone: Phone, run_jobs: RunJobs, database: Database, world: World
) -> None:
    for seed in range(3):
        phone.report(workshop(seed), enterprise_id=world.unions.shipyard)
    run_jobs()
    index, sizes = PrintIndex(), []
    with database.transaction() as session:
        late, _, last = session.execute(select(PhotoPrint.__table__).order_by(PhotoPrint.id)).all()
        session.execute(delete(PhotoPrint).where(PhotoPrint.id == late.id))
        for change in (
            None,
            insert(PhotoPrint).values(late._asdict()),
            delete(PhotoPrint).where(PhotoPrint.id == last.id),
        ):
            if change is not None:
                session.execute(change)
            for _ in range(2):
                index.refresh(session)
                sizes.append(len(index))
    assert sizes == [2 * SPOTS, 2 * SPOTS, *[3 * SPOTS] * 4]


def test_what_was_withdrawn_and_sent_again_is_no_reuse(
    phone: Phone, run_jobs: RunJobs, database: Database, world: World
) -> None:
    first = phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    phone.post(f"/api/v1/submissions/{first}/withdraw").ok()
    again = phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    assert likenesses(database, again) == []


def test_looking_twice_finds_everything_once(
    phone: Phone, colleague: Phone, run_jobs: RunJobs, database: Database, world: World
) -> None:
    phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    colleague.report(workshop(1, a_fifth_less), enterprise_id=world.unions.shipyard)
    run_jobs()
    with database.transaction() as session:
        for photo_id in session.scalars(select(Photo.id)).all():
            enqueue(session, "photos.find_copies", photo_id=photo_id)
    run_jobs()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PhotoCopy)) == 1


def test_a_picture_that_is_gone_keeps_no_other_photo_from_being_found(
    phone: Phone, colleague: Phone, run_jobs: RunJobs, database: Database, object_store: ObjectStore, world: World
) -> None:
    first = phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    lost = phone.report(workshop(1, flipped), enterprise_id=world.unions.shipyard)
    run_jobs()
    with database.reading() as session:
        photo_id = session.scalars(select(Photo.id).where(Photo.submission_id == lost)).one()
    object_store.delete(derived_key(photo_id, Variant.DISPLAY))
    again = colleague.report(workshop(1, a_fifth_less), enterprise_id=world.unions.shipyard)
    run_jobs()
    assert likenesses(database, again) == [(first, Likeness.COPY)]


def test_photos_from_before_there_were_prints_catch_up(
    phone: Phone, run_jobs: RunJobs, database: Database, object_store: ObjectStore, settings: Settings, world: World
) -> None:
    phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    with database.transaction() as session:
        session.execute(delete(PhotoPrint))
    context = JobContext(settings, database, object_store)
    print_old(context)
    assert run_jobs() == 0
    with database.transaction() as session:
        session.execute(update(Photo).values(received_at=clock.now() - timedelta(hours=2)))
    print_old(context)
    assert run_jobs() == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PhotoPrint)) == 1
