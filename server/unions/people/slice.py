"""People, what they may do, and what they say of themselves."""

from sqlalchemy import or_

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.unions.people.models import (
    OtherWorkplace,
    Person,
    PersonNameGram,
    RoleAssignment,
    SamePerson,
    WechatIdentity,
    WechatUnion,
)
from server.unions.roles import ROLE_NAMES

SLICE = Slice(
    audit=AuditWords(
        actions={
            "person.activated": "启用人员",
            "person.bound": "绑定单位",
            "person.created": "添加人员",
            "person.deactivated": "停用人员",
            "person.private_viewed": "查看个人信息",
            "person.searched_by_number": "按完整手机号找人",
            "person.left_workplace": "去掉也在干活的单位",
            "person.named_workplace": "填写也在干活的单位",
            "person.updated": "修改人员",
            "person.wechat_joined": "微信身份并入",
            "role.granted": "授予角色",
            "role.revoked": "撤销角色",
        },
        subjects={"person": "人员"},
        details={
            "role": "角色",
            "fields": "项目",
            "found": "找到几人",
            "changed": "改动",
            "name": "名称",
        },
        values={
            "role": ROLE_NAMES,
            "by": {"import": "从表格导入"},
            "fields": {"phone": "手机号", "safety_officer_phone": "安全负责人电话"},
        },
    ),
    personal=(
        PersonalRows(model=Person, rows=owned_by(Person.id), title="个人资料"),
        PersonalRows(model=PersonNameGram, rows=owned_by(PersonNameGram.person_id), is_removed=True),
        PersonalRows(
            model=OtherWorkplace,
            rows=owned_by(OtherWorkplace.person_id),
            title="自己填的也在干活的单位",
            is_removed=True,
        ),
        PersonalRows(model=RoleAssignment, rows=owned_by(RoleAssignment.person_id), title="担任的职务"),
        PersonalRows(
            model=SamePerson,
            rows=lambda person_id: or_(SamePerson.person_id == person_id, SamePerson.other_id == person_id),
            is_removed=True,
        ),
        PersonalRows(model=WechatIdentity, rows=owned_by(WechatIdentity.person_id), title="微信登录", is_removed=True),
        PersonalRows(
            model=WechatUnion, rows=owned_by(WechatUnion.person_id), title="微信开放平台编号", is_removed=True
        ),
    ),
)
