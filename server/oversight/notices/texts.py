"""What notices are called, and what is made of their words."""

from collections.abc import Mapping

from server.oversight.notices.schemas import NoticeDetails, NoticeForm, Urgency

FORM_NAMES: Mapping[NoticeForm, str] = {NoticeForm.LIGHT: "通知", NoticeForm.DOCUMENT: "公文"}
URGENCY_NAMES: Mapping[Urgency, str] = {Urgency.NORMAL: "普通", Urgency.URGENT: "加急", Urgency.MOST_URGENT: "特急"}
REPLACING = "本文代替《{}》（{}），原文不再执行。"
EVERYBODY = "各有关单位"
"""Whom a document is addressed to, unless its sender says it in words."""


def contact_text(details: NoticeDetails) -> str:
    """联系人：王敏；电话：0532-80000000; empty without any."""
    parts = (("联系人", details.contact_name), ("电话", details.contact_phone))
    return "；".join(f"{label}：{value}" for label, value in parts if value)
