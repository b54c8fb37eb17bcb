"""The sheet that is signed: its columns, and what the review of one posts."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from server.core.web.schemas import In, Line, Phone
from server.unions.imports.sheets.workbook import Column

MOST_LINES = 500
COLUMNS = (
    Column("name", "姓名", "职工甲", "必填", required=True),
    Column("enterprise", "单位", "青岛示例某某有限公司", "全称或简称；本单位的可以不填", also=("所在单位", "企业")),
    Column("phone", "手机", "", "选填，用来和系统里的人对上", also=("手机号", "电话", "联系电话")),
    Column("post", "班组/岗位", "焊工班", "选填", also=("班组", "岗位", "班组岗位")),
    Column("stayed", "签退", "是", "到结束的填“是”，或者填签退的时间"),
    # Columns of the sheet that this service prints, which say nothing here.
    Column("number", "序号", "", ""),
    Column("came", "签到", "", "", also=("签到时间",)),
    Column("means", "方式", "", ""),
    Column("confirmed", "核验", "", ""),
    Column("signature", "签名", "", ""),
)
NOT_STAYED = ("", "否", "无", "×", "x", "X")


class LineIn(In):
    """A line of the sheet, as it was read or as the trainer picked it. `person`: whom it means; `take`: to be kept."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=50)]
    enterprise: Annotated[Line, StringConstraints(max_length=100)] = ""
    phone: Annotated[Phone, StringConstraints(max_length=20, pattern=r"^\d*$")] = ""
    post: Annotated[Line, StringConstraints(max_length=50)] = ""
    stayed: bool = False
    person: UUID | None = None
    take: bool = False
