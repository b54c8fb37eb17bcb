"""Reads of the privacy policy."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.errors import NotFound
from server.unions.policies.models import DRAFT, PolicyVersion
from server.unions.policies.schemas import MapOut, PolicyName, PolicyOut, PolicySection
from server.unions.policies.texts import SECTIONS, Outsider, outsiders


def holding_names() -> Select[str]:
    """Names of the versions of which a consent still holds: those since people were last asked anew."""
    asked = select(func.max(PolicyVersion.published_at)).where(PolicyVersion.widens.is_(True)).scalar_subquery()
    return select(PolicyVersion.name).where(PolicyVersion.published_at >= asked)


def get_policy(session: Session, name: str = "") -> PolicyVersion:
    """That version, or the present one. Raises NotFound; a draft is nobody's to read here."""
    published = select(PolicyVersion).where(PolicyVersion.published_at.is_not(None))
    if name:
        found = session.scalar(published.where(PolicyVersion.name == name))
    else:
        found = session.scalar(published.order_by(PolicyVersion.published_at.desc()).limit(1))
    if found is None:
        raise NotFound
    return found


def find_draft(session: Session, *, lock: bool = False) -> PolicyVersion | None:
    """What is being written."""
    statement = select(PolicyVersion).where(PolicyVersion.name == DRAFT)
    return session.scalar(statement.with_for_update() if lock else statement)


def current_name(session: Session) -> str:
    """The version that one agrees to now."""
    return get_policy(session).name


def list_holding(session: Session) -> list[str]:
    """Versions of which a consent still holds, the newest first."""
    return list(session.scalars(holding_names().order_by(PolicyVersion.published_at.desc())))


def list_versions(session: Session) -> list[PolicyName]:
    """All that were published, the newest first."""
    columns = select(PolicyVersion.name, PolicyVersion.published_at, PolicyVersion.widens)
    found = columns.where(PolicyVersion.published_at.is_not(None)).order_by(PolicyVersion.published_at.desc())
    return [PolicyName(version=name, published_at=at, widens=widens) for name, at, widens in session.execute(found)]


def describe_policy(session: Session, name: str = "") -> PolicyOut:
    """A version as both faces show it. Raises NotFound."""
    policy = get_policy(session, name)
    settings = settings_of(session)
    return PolicyOut(
        version=policy.name,
        published_at=policy.published_at,
        processor=policy.processor or settings.organisation_name,
        contact=policy.contact or settings.privacy_contact,
        changes=policy.changes,
        sections=[PolicySection(title=title, lines=lines_of(policy, part)) for part, title in SECTIONS.items()],
        holding=list_holding(session),
        versions=list_versions(session),
    )


def is_told(session: Session, outsider: Outsider) -> bool:
    """Whether the settings bring somebody in, and the present policy says so in just these words: before that nothing
    may go there. `actions.follow_settings` sees to it."""
    line = outsiders(settings_of(session)).get(outsider)
    return line is not None and line in get_policy(session).by_settings.splitlines()


def find_map(session: Session) -> MapOut | None:
    """The map that may be looked at: one is set up, and the policy tells of who provides it."""
    settings = settings_of(session)
    if not settings.map_tiles_url or (settings.map_provider and not is_told(session, Outsider.MAP)):
        return None
    return MapOut(
        tiles=settings.map_tiles_url, datum=settings.map_tiles_datum, provider=settings.map_provider,
        credit=settings.map_tiles_credit,
    )  # fmt: skip


def lines_of(policy: PolicyVersion, part: str) -> list[str]:
    """The items of a part."""
    text: str = getattr(policy, part)
    if part == "third_parties":
        text = f"{text}\n{policy.by_settings}"
    return [line.strip() for line in text.split("\n") if line.strip()]
