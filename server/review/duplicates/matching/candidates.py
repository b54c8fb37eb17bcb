"""What stands beside a submission under review: others that may be the same, and photos that were used before.

Nobody learns here who reported what: whether two submissions come from one person is told only to those who may know
both names, and where a report is anonymous the enterprise is not even told that its photos resemble another's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import in_shanghai
from server.photos.models import Likeness, Photo
from server.photos.pictures.links import photo_urls
from server.photos.queries import list_by_ids
from server.review.duplicates.matching.likeness import FAR, SIMILAR, Resemblance, grams_of, metres_between, shared
from server.review.duplicates.queries import PhotoMatch, list_claimed, list_photo_matches
from server.review.followers.queries import list_followers, list_joint_reporters
from server.review.submissions.anonymity.identity import may_see_reporter, may_see_traces, shown_moment
from server.review.submissions.kinds.content import Content
from server.review.submissions.kinds.registry import read_contents
from server.review.submissions.models import ARRIVED, Status, Submission
from server.review.submissions.texts import status_text
from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE

CANDIDATES = 5
CLAIMED = "上报人说是同一处"
READ = 200  # of the place's newest in the category: what one look costs at most
LOOK_BACK = timedelta(days=90)
OPEN = (Status.QUEUED, Status.RETURNED, Status.ACCEPTED)
PLACES = (("enterprise_id", "同一家企业"), ("town_id", "同一镇街"), ("district_id", "同一区市"), ("city_id", "同城"))
PHOTO_REASONS = {
    Likeness.SAME_FILE: "照片相同",
    Likeness.COPY: "照片相似（裁剪、缩放或转动过）",
    Likeness.MIRRORED: "照片相似（左右翻转）",
}

AnyRow = Row[*tuple[Any, ...]]
_COLUMNS = (
    Submission.id, Submission.kind, Submission.category, Submission.status, Submission.excerpt, Submission.place,
    Submission.created_at, Submission.cover_photo_id, Submission.is_anonymous, Submission.disclosed_at,
    Submission.city_id, Submission.district_id, Submission.town_id, Submission.enterprise_id,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submission that may be the same. `reasons` say why, `flags` what to look at twice: a photo used before."""

    id: UUID
    href: str
    compare_href: str
    excerpt: str
    status: Status
    status_text: str
    created_at: datetime
    day_only: bool
    thumbnail_url: str | None
    reasons: Sequence[str]
    flags: Sequence[str]


@dataclass(frozen=True, slots=True)
class RelatedPanel:
    """All that stands beside a submission. `warnings` speak of photos used where the viewer may not look."""

    candidates: Sequence[Candidate]
    warnings: Sequence[str]
    followers: int
    joint_reporters: int


def describe_related(session: Session, submission: Submission, actor: Actor, query: str = "") -> RelatedPanel:
    """What stands beside a submission that the actor may see, in a constant number of statements. `query`: the
    filters that links carry on."""
    matches = known_matches(session, submission, actor)
    outside = {match.photo_id for match, other in matches if other is None}
    return RelatedPanel(
        candidates=list_candidates(session, submission, actor, query, matches=matches),
        warnings=[f"有 {len(outside)} 张照片在您的管理范围以外也用过，请向上级工会核对。"] if outside else [],
        followers=len(list_followers(session, [submission.id])[submission.id]),
        joint_reporters=len(list_joint_reporters(session, [submission.id])[submission.id]),
    )


Known = tuple[PhotoMatch, AnyRow | None]


def known_matches(session: Session, submission: Submission, actor: Actor) -> list[Known]:
    """The photos of others that resemble this submission's, as far as the actor may know; None for what lies outside of
    their scope."""
    if not may_see_traces(actor, submission):
        return []
    matches = list_photo_matches(session, [submission.id])[submission.id]
    others = {row.id: row for row in _rows(session, {match.other_submission_id for match in matches}, actor)}
    known = [(match, others.get(match.other_submission_id)) for match in matches]
    return [(match, other) for match, other in known if other is None or may_see_traces(actor, other)]


def list_candidates(
    session: Session, submission: Submission, actor: Actor, query: str = "", *, matches: Iterable[Known] | None = None
) -> list[Candidate]:
    """Up to five submissions within the actor's scope that may be the same as this one, the likeliest first.

    By what a reporter said; by photo wherever and whenever it was used; by place and words among the newest of the same
    category in the narrowest place known. `matches`: what `known_matches` gave, if it was asked already.
    """
    known = known_matches(session, submission, actor) if matches is None else matches
    by_photo: dict[UUID, list[PhotoMatch]] = {}
    rows: dict[UUID, AnyRow] = {}
    for match, other in known:
        if other is not None:
            by_photo.setdefault(other.id, []).append(match)
            rows[other.id] = other
    claimed = {row.id: row for row in _claimed(session, submission, actor)}
    rows |= claimed | {row.id: row for row in session.execute(_newest(submission, actor))}
    contents = read_contents(session, {submission.kind: [submission.id, *rows]})
    alike = {row.id: resemblance_of(submission, row, contents) for row in rows.values()}
    chosen = sorted(
        rows.values(),
        key=lambda row: (row.id not in claimed, row.id not in by_photo, -alike[row.id].score, -row.id.int),
    )
    chosen = chosen[:CANDIDATES]
    shown = {_shown(row, by_photo.get(row.id, [])) for row in chosen}
    photos = list_by_ids(session, {photo_id for photo_id in shown if photo_id is not None})
    return [
        _candidate(
            submission, row, actor, query, photos, alike[row.id], by_photo.get(row.id, []), is_claimed=row.id in claimed
        )
        for row in chosen
    ]


def _claimed(session: Session, submission: Submission, actor: Actor) -> Iterable[AnyRow]:
    """What a reporter said to be the same and is not settled: it comes first where both may be traced."""
    if not may_see_traces(actor, submission):
        return
    for row in _rows(session, list_claimed(session, submission.id), actor):
        if row.status in OPEN and may_see_traces(actor, row):
            yield row


def _shown(row: AnyRow, matches: Sequence[PhotoMatch]) -> UUID | None:
    """The photo that stands for a candidate: the one that was found alike, else its first."""
    cover_id: UUID | None = row.cover_photo_id
    return matches[0].other_photo_id if matches else cover_id


def resemblance_of(submission: Submission, other: AnyRow | Submission, contents: Mapping[UUID, Content]) -> Resemblance:
    """How much two submissions resemble each other by place and words."""
    mine, theirs = contents.get(submission.id, Content()), contents.get(other.id, Content())
    return Resemblance(
        metres_between(mine.coordinates, theirs.coordinates),
        shared(grams_of(submission.place, mine.description), grams_of(other.place, theirs.description)),
    )


def reasons_of(
    submission: Submission, other: AnyRow | Submission, alike: Resemblance, matches: Collection[PhotoMatch]
) -> list[str]:
    """Why they may be the same, in words."""
    reasons = [PHOTO_REASONS[likeness] for likeness in dict.fromkeys(match.likeness for match in matches)]
    if other.category == submission.category:
        where = next((text for name, text in PLACES if _same(getattr(submission, name), getattr(other, name))), None)
        reasons.append(f"{where}、同一类别" if where else "同一类别")
    if alike.distance is not None and alike.distance <= FAR:
        reasons.append(f"相距约 {max(10, round(alike.distance / 10) * 10)} 米")
    if alike.words >= SIMILAR:
        reasons.append("文字相近")
    return reasons


def flags_of(
    submission: Submission, other: AnyRow | Submission, actor: Actor, matches: Collection[PhotoMatch]
) -> list[str]:
    """这张照片 2025 年由别人用过: of the photos that the other submission had first."""
    tells = tells_apart(actor, submission, other)
    flags = []
    for match in matches:
        if match.was_earlier:
            who = ("由同一人" if match.is_same_person else "由别人") if tells else ""
            flags.append(f"这张照片 {in_shanghai(match.other_received_at).year} 年{who}用过")
    return list(dict.fromkeys(flags))


def tells_apart(actor: Actor, submission: Submission, other: AnyRow | Submission) -> bool:
    """Whether this viewer may learn that both are of one person, or of two, as whoever says that theirs is the same as
    another's tells."""
    return may_see_reporter(actor, submission) and may_see_reporter(actor, other)


def _same(one: UUID | None, other: UUID | None) -> bool:
    return one is not None and one == other


def _candidate(
    submission: Submission, row: AnyRow, actor: Actor, query: str, photos: Mapping[UUID, Photo],
    alike: Resemblance, matches: Sequence[PhotoMatch], *, is_claimed: bool,
) -> Candidate:  # fmt: skip
    photo_id = _shown(row, matches)
    photo = photos.get(photo_id) if photo_id is not None else None
    suffix = f"?{query}" if query else ""
    said = [CLAIMED] if is_claimed and tells_apart(actor, submission, row) else []
    return Candidate(
        id=row.id,
        href=f"/console/submissions/{row.id}{suffix}",
        compare_href=f"/console/submissions/{submission.id}/compare/{row.id}{suffix}",
        excerpt=row.excerpt,
        status=row.status,
        status_text=status_text(row.kind, row.status),
        created_at=shown_moment(actor, row, row.created_at),
        day_only=not may_see_traces(actor, row),
        thumbnail_url=photo_urls(photo).thumbnail if photo is not None else None,
        reasons=[*said, *reasons_of(submission, row, alike, matches)],
        flags=flags_of(submission, row, actor, matches),
    )


def _rows(session: Session, submission_ids: Collection[UUID], actor: Actor) -> Sequence[AnyRow]:
    if not submission_ids:
        return []
    visible = in_scope(actor, Submission, CONSOLE)
    return session.execute(select(*_COLUMNS).where(Submission.id.in_(submission_ids), visible)).all()


def _newest(submission: Submission, actor: Actor) -> Any:
    """The newest of the same category in the narrowest place known, around that time.

    Read backwards off the index of the place; the time keeps it short where the category is rare.
    """
    narrowest = next(
        getattr(Submission, name) == getattr(submission, name)
        for name, _ in PLACES
        if getattr(submission, name) is not None
    )
    return (
        select(*_COLUMNS)
        .where(
            narrowest,
            ARRIVED,
            Submission.id > ids.first_id(submission.created_at - LOOK_BACK),
            Submission.kind == submission.kind,
            Submission.category == submission.category,
            Submission.id != submission.id,
            Submission.status.in_(OPEN),
            in_scope(actor, Submission, CONSOLE),
        )
        .order_by(Submission.id.desc())
        .limit(READ)
    )
