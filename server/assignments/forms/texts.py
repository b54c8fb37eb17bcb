"""Chinese words of forms."""

from server.assignments.forms.schemas import CheckResult, FieldKind, SheetKind

KIND_NAMES = {
    FieldKind.CHECK: "检查项",
    FieldKind.TEXT: "一行文字",
    FieldKind.PROSE: "大段文字",
    FieldKind.INTEGER: "整数",
    FieldKind.DECIMAL: "小数",
    FieldKind.MONEY: "金额（元）",
    FieldKind.DATE: "日期",
    FieldKind.TIME: "时间",
    FieldKind.YES_NO: "是或否",
    FieldKind.ONE_OF: "单选",
    FieldKind.SEVERAL_OF: "多选",
    FieldKind.PHOTO: "照片",
    FieldKind.FILE: "文件",
    FieldKind.PERSON: "姓名和电话",
    FieldKind.PLACE: "地点",
    FieldKind.TABLE: "表格",
    FieldKind.FIGURE: "系统数字",
}
"""In the order in which a clerk looks for them."""

SHEET_NAMES = {
    SheetKind.CHECK_ITEMS: "检查表（部位、检查内容、合格判据、依据）",
    SheetKind.XLSFORM: "XLSForm（Kobo、ODK 用的格式）",
}

RESULT_NAMES = {
    CheckResult.PASSED: "合格",
    CheckResult.FAILED: "不合格",
    CheckResult.NOT_APPLICABLE: "不涉及",
    CheckResult.CANNOT_JUDGE: "无法判断",
}

COLUMN_KINDS = {
    "文字": FieldKind.TEXT,
    "整数": FieldKind.INTEGER,
    "小数": FieldKind.DECIMAL,
    "金额": FieldKind.MONEY,
    "日期": FieldKind.DATE,
    "时间": FieldKind.TIME,
    "是否": FieldKind.YES_NO,
    "单选": FieldKind.ONE_OF,
    "人员": FieldKind.PERSON,
}
"""How a clerk writes the kind of a column: “姓名 | 文字 | 必填”."""

GRADE_CHOICES = (("", "不建议"), ("1", "重大"), ("2", "较大"), ("3", "一般"), ("4", "低"))
"""What may be proposed for a check item that fails. Whoever accepts the hazard decides."""
