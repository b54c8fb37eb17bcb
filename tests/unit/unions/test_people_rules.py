"""Who may grant what, what of a phone number is shown, what may be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.core import ids
from server.core.errors import Forbidden, Invalid
from server.unions.actor import Actor, RoleAt
from server.unions.people.rules import GRANTABLE, Post, check_grant, grantable_roles, mask_phone, may_manage
from server.unions.people.schemas import BindingIn, MePatch
from server.unions.roles import CONSOLE, ROLE_LEVEL, Level, Role
from server.unions.tree.lookup.invites import new_invite_code, normalise_invite_code
from server.unions.tree.models import Union
from server.unions.tree.rules import (
    ALL_FIELDS,
    OWN_FIELDS,
    RANK,
    ancestors_of,
    editable_fields,
    is_above,
    may_give_invite_code,
)


def union(level: Level, parent: Union | None = None) -> Union:
    union_id = ids.new_id()
    return Union(id=union_id, level=level, name="某工会", **ancestors_of(level, union_id, parent))


CITY = union(Level.CITY)
SOUTH, NORTH = union(Level.DISTRICT, CITY), union(Level.DISTRICT, CITY)
TOWN = union(Level.TOWN, SOUTH)
SHIPYARD, BAKERY = union(Level.ENTERPRISE, TOWN), union(Level.ENTERPRISE, TOWN)
TEAM = union(Level.TEAM, SHIPYARD)


def holder(role: Role, at: Union) -> Actor:
    return Actor(ids.new_id(), "某人", ids.new_id(), None, (RoleAt(role, at.id, at.level, at.name),))


def test_nobody_grants_a_role_of_their_own_level_or_above_but_the_administrator() -> None:
    for granter, granted in GRANTABLE.items():
        if granter is not Role.ADMIN:
            assert all(RANK[ROLE_LEVEL[role]] > RANK[ROLE_LEVEL[granter]] for role in granted)
    assert GRANTABLE[Role.ADMIN] == CONSOLE


def test_roles_are_granted_within_ones_own_subtree_only() -> None:
    district = holder(Role.DISTRICT_REVIEWER, SOUTH)
    check_grant(district, Role.TOWN_REVIEWER, TOWN)
    check_grant(district, Role.ENTERPRISE_REVIEWER, SHIPYARD)
    with pytest.raises(Forbidden):
        check_grant(district, Role.TOWN_REVIEWER, union(Level.TOWN, NORTH))
    with pytest.raises(Forbidden):
        check_grant(district, Role.DISTRICT_REVIEWER, SOUTH)


@pytest.mark.parametrize(("role", "at"), [(Role.TOWN_REVIEWER, SOUTH), (Role.ADMIN, SOUTH), (Role.WORKER, SHIPYARD)])
def test_a_role_is_held_at_its_own_level(role: Role, at: Union) -> None:
    with pytest.raises(Invalid, match="role_at_wrong_level"):
        check_grant(holder(Role.ADMIN, CITY), role, at)


def test_one_manages_only_those_whose_every_role_one_might_grant() -> None:
    district = holder(Role.DISTRICT_REVIEWER, SOUTH)
    town_post = Post(ids.new_id(), Role.TOWN_REVIEWER, TOWN)
    assert may_manage(district, [])
    assert may_manage(district, [town_post])
    assert not may_manage(district, [town_post, Post(ids.new_id(), Role.ADMIN, CITY)])


def test_an_enterprise_reviewer_grants_nothing() -> None:
    assert grantable_roles(holder(Role.ENTERPRISE_REVIEWER, SHIPYARD)) == []
    assert grantable_roles(holder(Role.TOWN_REVIEWER, TOWN)) == [Role.ENTERPRISE_REVIEWER]


def test_unions_are_edited_from_above() -> None:
    town = holder(Role.TOWN_REVIEWER, TOWN)
    assert is_above(town, SHIPYARD)
    assert is_above(town, TEAM)
    assert not is_above(town, TOWN)
    assert not is_above(town, SOUTH)
    assert not is_above(holder(Role.DISTRICT_REVIEWER, NORTH), SHIPYARD)
    assert editable_fields(town, SHIPYARD) == ALL_FIELDS - {"affiliation"}
    assert editable_fields(town, TOWN) == frozenset()


def test_an_enterprise_keeps_its_own_contacts_and_code_but_not_its_flags() -> None:
    own = holder(Role.ENTERPRISE_REVIEWER, SHIPYARD)
    assert editable_fields(own, SHIPYARD) == OWN_FIELDS
    assert editable_fields(own, BAKERY) == frozenset()
    assert may_give_invite_code(own, SHIPYARD)
    assert not may_give_invite_code(own, BAKERY)


def test_the_city_cannot_be_taken_out_of_use() -> None:
    assert "is_active" not in editable_fields(holder(Role.ADMIN, CITY), CITY)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13800001234", "138****1234"), ("0532-85911234", "053******1234"), ("110", "***"), ("", None), (None, None)],
)
def test_phone_numbers_are_masked(phone: str | None, masked: str | None) -> None:
    assert mask_phone(phone) == masked


@given(st.from_regex(r"[0-9]{3,15}", fullmatch=True))
def test_a_masked_number_hides_at_least_a_third(phone: str) -> None:
    masked = mask_phone(phone)
    assert masked is not None
    assert len(masked) == len(phone)
    assert masked.count("*") * 10 >= len(phone)


@pytest.mark.parametrize("phone", ["13800001234", "0532-85911234", "", None])
def test_own_phone_numbers_that_exist_are_taken(phone: str | None) -> None:
    assert MePatch.model_validate({"phone": phone}).phone == phone


@pytest.mark.parametrize("phone", ["12345", "1380000123", "138000012345", "+8523800001234", "电话", "13800001234a"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    with pytest.raises(ValidationError):
        MePatch.model_validate({"phone": phone})


@pytest.mark.parametrize(
    "spelling",
    ["+86 138 0000 1234", "138-0000-1234", "１３８００００１２３４", "0086-13800001234", "86 13800001234",
     "8613800001234", "(+86)13800001234", "tel:138.0000.1234", "手机：13800001234", "\u202d13800001234\u202c",
     "'13800001234", "138\u20110000\u20111234", "13800001234\x00"],
)  # fmt: skip
def test_a_mobile_number_is_read_in_every_usual_spelling(spelling: str) -> None:
    assert MePatch.model_validate({"phone": spelling}).phone == "13800001234"


@pytest.mark.parametrize("spelling", ["(0532) 8591 1234", "0532－85911234", "+86-532-85911234", "+86 (0532) 85911234"])
def test_a_landline_number_is_read_in_every_usual_spelling(spelling: str) -> None:
    assert MePatch.model_validate({"phone": spelling}).phone == "0532-85911234"


@pytest.mark.parametrize("name", ["\x00", "\u200b\ufeff", "\u202e", "\ud800", "\u3164", "a" * 51, 5, ["甲"]])
def test_names_that_cannot_be_kept_are_refused(name: object) -> None:
    with pytest.raises(ValidationError):
        MePatch.model_validate({"name": name})


@pytest.mark.parametrize("body", [{}, {"enterprise_id": str(ids.new_id()), "invite_code": "ABCDEFGH"}, {"other": 1}])
def test_a_binding_names_the_enterprise_in_exactly_one_way(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        BindingIn.model_validate(body)


def test_invite_codes_are_read_however_they_are_typed() -> None:
    code = new_invite_code()
    assert len(code) == 8
    assert normalise_invite_code(f" {code[:4].lower()}-{code[4:]} ") == code
