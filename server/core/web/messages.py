"""Pydantic's complaints in plain Chinese."""

from collections.abc import Mapping
from typing import Any

MESSAGES = {
    "missing": "必须填写",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_type": "要填文字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "要填整数",
    "int_parsing": "要填整数",
    "int_from_float": "要填整数",
    "float_type": "要填数字",
    "float_parsing": "要填数字",
    "finite_number": "要填数字",
    "bool_type": "只能是“是”或“否”",
    "bool_parsing": "只能是“是”或“否”",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "要小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "uuid_parsing": "编号格式不对",
    "uuid_type": "编号格式不对",
    "uuid_version": "编号格式不对",
    "literal_error": "不在可选范围内",
    "enum": "不在可选范围内",
    "extra_forbidden": "不认识的内容",
    "model_type": "格式不对",
    "model_attributes_type": "格式不对",
    "dict_type": "格式不对",
    "list_type": "要填列表",
    "date_from_datetime_parsing": "日期格式不对",
    "date_parsing": "日期格式不对",
    "datetime_parsing": "时间格式不对",
}


def explain(item: Mapping[str, Any]) -> str:
    """One entry of `ValidationError.errors()` in Chinese. Our validators' own texts (ValueError) are passed through."""
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    kind = item["type"]
    if kind in ("too_short", "too_long") and isinstance(item.get("input"), str):
        kind = f"string_{kind}"  # what pydantic calls it depends on where the limit stands among the validators
    template = MESSAGES.get(kind, "填写有误")
    return template.format(**item.get("ctx", {}))
