"""What the preview says of a row about somebody known: who it is, since when and where, and what becomes of them."""

from collections.abc import Mapping, Sequence

from server.core.clock import day_in_words, day_of
from server.unions.people.models import Person, PhoneSource
from server.unions.people.rules import Post
from server.unions.roles import ROLE_NAMES
from server.unions.tree.models import Union


def describe_known(person: Person, posts: Sequence[Post], enterprise: str | None, username: str | None) -> str:
    """赵工，蓝海船舶修造有限公司，2026年3月1日起，手机号本人已核实，登录名 zhao，现任…"""
    parts = [person.name or "未填姓名", enterprise or "没有所在企业", f"{_day(person)}起"]
    if person.phone_source is PhoneSource.PROVED:
        parts.append("手机号本人已核实")
    parts.append(f"登录名 {username}" if username else "没有账号")
    parts += [f"现任{post.union.name}的{ROLE_NAMES[post.role]}" for post in posts]
    if not person.is_active:
        parts.append("已停用")
    return "，".join(parts)


def describe_changes(
    changes: Mapping[str, object], enterprise: Union | None, post: str | None, username: str | None
) -> str:
    """姓名改为赵大工；开通账号 zhao；担任八大湖街道总工会的镇街工会审核员; empty if nothing changes."""
    parts = []
    if "name" in changes:
        parts.append(f"姓名改为{changes['name']}")
    if "enterprise_id" in changes and enterprise is not None:
        parts.append(f"企业改为{enterprise.name}")
    if username:
        parts.append(f"开通账号 {username}")
    if post:
        parts.append(f"担任{post}")
    return "；".join(parts)


def _day(person: Person) -> str:
    return day_in_words(day_of(person.created_at))
