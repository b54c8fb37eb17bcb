"""Reads of what is kept about a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.clock import day_in_words, day_of
from server.core.db import settings_of
from server.core.settings import Settings
from server.core.slice import declared
from server.privacy.copies.links import export_link
from server.privacy.models import DataExport, Erasure
from server.privacy.schemas import ErasureOut, ExportOut, Imprint, OwnDataOut, StoredItem
from server.unions.accounts.models import Account
from server.unions.consents.queries import find_consent
from server.unions.people.models import Person, RoleAssignment, WechatIdentity
from server.unions.people.queries import get_person
from server.unions.people.rules import mask_phone
from server.unions.tree.models import Union


def imprint_of(settings: Settings) -> Imprint:
    """Who runs the service and answers for people's data, as both faces show it."""
    return Imprint(
        organisation=settings.organisation_name,
        contact=settings.privacy_contact,
        complaints=settings.complaints_contact or settings.privacy_contact,
        filing_number=settings.filing_number,
    )


def describe_own_data(session: Session, person_id: UUID, now: datetime) -> OwnDataOut:
    """What is kept about a person, in words and numbers."""
    export = session.scalar(select(DataExport).where(DataExport.person_id == person_id))
    erasure = session.scalar(select(Erasure).where(Erasure.person_id == person_id, Erasure.done_at.is_(None)))
    return OwnDataOut(
        items=_items(session, get_person(session, person_id)),
        export=describe_export(session, export) if export and (export.expires_at or now) >= now else None,
        erasure=describe_erasure(erasure) if erasure is not None else None,
        refusal=find_refusal(session, person_id),
    )


def describe_export(session: Session, export: DataExport) -> ExportOut:
    """A copy with the link to it."""
    url = export_link(settings_of(session), export.id, export.expires_at) if export.expires_at else None
    return ExportOut(state=export.state.value, url=url, size=export.size, expires_at=export.expires_at)


def describe_erasure(erasure: Erasure) -> ErasureOut:
    """When the account goes."""
    return ErasureOut(requested_at=erasure.requested_at, due_at=erasure.due_at)


def find_refusal(session: Session, person_id: UUID) -> str | None:
    """Why somebody cannot delete their account themselves: others rely on what they do."""
    holds = select(RoleAssignment.id).where(RoleAssignment.person_id == person_id).limit(1)
    signs_in = select(Account.person_id).where(Account.person_id == person_id)
    if session.scalar(holds) is not None or session.scalar(signs_in) is not None:
        return "你有管理端的账号，请先联系市总工会管理员撤销，再注销。"
    return None


def _items(session: Session, person: Person) -> list[StoredItem]:
    enterprise = session.get(Union, person.enterprise_id) if person.enterprise_id else None
    wechat = session.scalar(select(func.count()).where(WechatIdentity.person_id == person.id))
    consent = find_consent(session, person.id)
    items = [
        StoredItem(name="姓名", value=person.name or "没有填写"),
        StoredItem(name="手机号", value=mask_phone(person.phone) or "没有填写"),
        StoredItem(name="所在企业", value=enterprise.name if enterprise else "没有选择"),
        StoredItem(name="微信登录", value="已绑定（只存微信给的编号，没有昵称头像）" if wechat else "没有绑定"),
        StoredItem(name="注册时间", value=_day(person.created_at)),
        StoredItem(
            name="隐私说明", value=f"{_day(consent.agreed_at)}同意（{consent.version} 版）" if consent else "没有同意"
        ),
    ]
    counts = _counts(session, person.id)
    return items + [StoredItem(name=title, value=f"{count} 条") for title, count in counts.items() if count]


def _day(moment: datetime) -> str:
    return day_in_words(day_of(moment))


def _counts(session: Session, person_id: UUID) -> dict[str, int]:
    """How many rows of each kind, in one statement."""
    columns = [
        select(func.count()).select_from(each.model).where(each.rows(person_id)).scalar_subquery().label(each.title)
        for each in declared().personal
        if each.is_counted
    ]
    return dict(session.execute(select(*columns)).one()._mapping)
