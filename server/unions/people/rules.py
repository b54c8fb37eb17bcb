"""Rules about people that need no database: who may grant what, how a phone number is shown."""

from collections.abc import Mapping

from server.unions.people.models import PhoneSource
from server.unions.roles import REVIEWERS, Role

PHONE_SOURCES = {PhoneSource.TYPED: "自己填的", PhoneSource.ENTERED: "单位登记的", PhoneSource.PROVED: "已核实的"}
"""Where a number comes from, in words: anybody may type any number, and any name."""

GRANTABLE: Mapping[Role, frozenset[Role]] = {
    Role.ADMIN: REVIEWERS | {Role.ADMIN},
    Role.CITY_REVIEWER: frozenset({Role.DISTRICT_REVIEWER, Role.TOWN_REVIEWER, Role.ENTERPRISE_REVIEWER}),
    Role.DISTRICT_REVIEWER: frozenset({Role.TOWN_REVIEWER, Role.ENTERPRISE_REVIEWER}),
    Role.TOWN_REVIEWER: frozenset({Role.ENTERPRISE_REVIEWER}),
    Role.ENTERPRISE_REVIEWER: frozenset(),
}
"""The roles that the holder of a role may grant and revoke, within the subtree where it is held."""


def mask_phone(phone: str | None) -> str | None:
    """138****5678: enough to recognise one's own, too little to call."""
    if not phone:
        return None
    if len(phone) < 8:
        return "*" * len(phone)
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def shorten_name(name: str | None) -> str:
    """赵*, 欧**: enough for colleagues to know who is meant."""
    return f"{name[0]}{'*' * max(1, len(name) - 1)}" if name else "未填姓名"
