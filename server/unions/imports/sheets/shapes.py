"""The two sheets: their columns, and each row as a checked shape."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from server.core.web.messages import explain
from server.core.web.schemas import Code, In, Line, Phone
from server.unions.imports.models import ImportKind
from server.unions.imports.sheets.words import Whole, turned, worded
from server.unions.imports.sheets.workbook import Column, RawRow
from server.unions.people.schemas import PHONE, USERNAME
from server.unions.roles import ROLE_NAMES, Level, Role
from server.unions.tree.lookup.traits import named_traits, trait_names, traits
from server.unions.tree.models import Affiliation, Ownership, Size
from server.unions.tree.schemas import PHONE as OFFICE_PHONE
from server.unions.tree.schemas import Tags
from server.unions.tree.texts import AFFILIATION_NAMES, OWNERSHIP_NAMES, SIZE_NAMES

M = TypeVar("M", bound=BaseModel)
LEVEL_WORDS = {"区市": Level.DISTRICT, "镇街": Level.TOWN, "企业": Level.ENTERPRISE, "班组": Level.TEAM}


YesNo = Annotated[bool, worded({"是": True, "否": False})]
UnionCode = Annotated[Code, StringConstraints(min_length=1, max_length=40)]
UnionWords = Annotated[Code, StringConstraints(min_length=1, max_length=100)]
"""A union's number or full name."""


def _traits(value: object) -> object:
    """燃煤锅炉、管道气: these it has, and the others it has not; 无: none of them."""
    if not isinstance(value, str):
        return value
    named = named_traits(value)
    return {code: code in named for code in traits()}


class UnionRow(In):
    """A row of the sheet of unions."""

    code: UnionCode
    name: Annotated[Line, StringConstraints(min_length=2, max_length=100)]
    level: Annotated[Level, worded(LEVEL_WORDS)]
    parent_code: UnionWords
    short_name: Annotated[Line, StringConstraints(max_length=50)] = ""
    affiliation: Annotated[Affiliation, worded(turned(AFFILIATION_NAMES))] | None = None
    industry: Annotated[Line, StringConstraints(max_length=40)] | None = None
    ownership: Annotated[Ownership, worded(turned(OWNERSHIP_NAMES))] | None = None
    size: Annotated[Size, worded(turned(SIZE_NAMES))] | None = None
    is_high_risk: YesNo = False
    is_chemical: YesNo = False
    tags: Tags = None
    headcount: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = None
    safety_officer_name: Annotated[Line, StringConstraints(max_length=50)] | None = None
    safety_officer_phone: Annotated[Phone, StringConstraints(max_length=20, pattern=OFFICE_PHONE)] | None = None
    address: Annotated[Line, StringConstraints(max_length=200)] | None = None
    traits: Annotated[dict[Code, bool], BeforeValidator(_traits)] = {}


class PersonRow(In):
    """A row of the sheet of people; the last three stand together or not at all."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=50)]
    phone: Annotated[Phone, StringConstraints(pattern=PHONE)]
    enterprise_code: UnionWords | None = None
    role: Annotated[Role, worded({ROLE_NAMES[role]: role for role in Role if role is not Role.WORKER})] | None = None
    union_code: UnionWords | None = None
    username: Annotated[Code, StringConstraints(pattern=USERNAME)] | None = None


UNION_COLUMNS = (
    Column("code", "编号", "QY0001", "本工会的编号，不能重复；再次导入凭它对应", required=True),
    Column("name", "名称", "青岛示例某某有限公司", "2 到 100 个字", required=True),
    Column("level", "级别", "企业", "区市、镇街、企业、班组", required=True),
    Column(
        "parent_code",
        "上级工会",
        "ZJ0001",
        "上级工会的编号，可以是已有的，也可以在本表里；已有的也可以填全称",
        required=True,
        also=("上级编号", "上级名称"),
    ),
    Column("short_name", "简称", "", "如市南区、八大湖街道"),
    Column("affiliation", "类别", "", "只用于区市一级：" + "、".join(AFFILIATION_NAMES.values())),
    Column("industry", "行业", "通用设备制造业", "只用于企业"),
    Column("ownership", "所有制", "民营", "只用于企业：" + "、".join(OWNERSHIP_NAMES.values())),
    Column("size", "规模", "小型", "只用于企业：" + "、".join(SIZE_NAMES.values())),
    Column("is_high_risk", "高危行业", "否", "只用于企业：是、否"),
    Column("is_chemical", "化工", "否", "只用于企业：是、否"),
    Column("tags", "标签", "", "自己起的分类，用顿号隔开；都去掉填“无”，空着不改"),
    Column("headcount", "职工人数", "120", "只用于企业：整数"),
    Column("safety_officer_name", "安全负责人", "安全员甲", "只用于企业"),
    Column("safety_officer_phone", "安全负责人电话", "", "只用于企业"),
    Column("address", "地址", "", "只用于企业"),
    Column(
        "traits",
        "企业情况",
        "管道气、餐饮",
        "只用于企业，有的都写上：" + trait_names() + "；都没有填“无”，空着不改",
    ),
)
PEOPLE_COLUMNS = (
    Column("name", "姓名", "审核员甲", "1 到 50 个字", required=True),
    Column("phone", "手机", "13800000000", "再次导入凭它对应", required=True),
    Column("enterprise_code", "所在企业", "QY0001", "企业的编号或者全称", also=("企业编号", "企业名称", "企业")),
    Column("role", "角色", "企业工会审核员", "、".join(ROLE_NAMES[role] for role in Role if role is not Role.WORKER)),
    Column(
        "union_code", "角色所在工会", "QY0001", "在哪个工会担任上面的角色：编号或者全称", also=("角色所在工会编号",)
    ),
    Column("username", "登录名", "shenheyuan1", "有角色的要填；字母、数字、点、横线"),
)
COLUMNS = {ImportKind.UNIONS: UNION_COLUMNS, ImportKind.PEOPLE: PEOPLE_COLUMNS}


def check_row(shape: type[M], raw: RawRow) -> tuple[M | None, dict[str, str]]:
    """The row as `shape`, and what is wrong with it by field."""
    try:
        value = shape.model_validate(raw.cells)
    except ValidationError as error:
        wrong = {str(item["loc"][0]): explain(item) for item in reversed(error.errors()) if item["loc"]}
        return None, {**wrong, **raw.errors}
    return (None, raw.errors) if raw.errors else (value, {})
