"""The form of a message template: what is posted, what is wrong with it, how it will look. Pure but for saving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Invalid
from server.core.text import clean_line
from server.kit.occasions import Occasion
from server.notifications.subscribe.message_templates.fields import fit, kind_of, problem
from server.notifications.subscribe.message_templates.occasions import PLACEHOLDER, SAMPLE, render
from server.notifications.subscribe.models import MessageTemplate
from server.notifications.subscribe.schemas import TEMPLATE_ID, is_page

ROWS = 5  # WeChat's templates have five fields at most
MAX_LABEL, MAX_TEXT = 20, 60


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as it was typed, how it would look, and what is wrong with it."""

    key: str
    label: str
    text: str
    preview: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """The whole form; `errors` by the name of its field."""

    template_id: str
    page: str
    is_active: bool
    rows: Sequence[FieldRow]
    errors: Mapping[str, str]

    @property
    def filled(self) -> list[FieldRow]:
        """The rows that say something."""
        return [row for row in self.rows if row.key or row.label or row.text]


def read_form(values: Mapping[str, str]) -> TemplateForm:
    """What was posted, checked field by field."""
    rows = _checked([
        FieldRow(*(clean_line(values.get(f"{name}_{number}", "")) for name in ("key", "label", "text")))
        for number in range(1, ROWS + 1)
    ])  # fmt: skip
    template_id, page = clean_line(values.get("template_id", "")), clean_line(values.get("page", ""))
    errors = {f"text_{number}": row.error for number, row in enumerate(rows, start=1) if row.error}
    if not TEMPLATE_ID.fullmatch(template_id):
        errors["template_id"] = "模板编号由字母、数字、横线组成，请从微信公众平台复制"
    if not is_page(page):
        errors["page"] = "页面写法如 pages/hazard/detail?id={编号}，开头没有斜杠"
    if not any(row.key for row in rows):
        errors["text_1"] = "至少要有一个字段"
    return TemplateForm(template_id, page, values.get("is_active") == "1", rows, errors)


def form_of(template: MessageTemplate | None) -> TemplateForm:
    """A template as its form; an empty one for None."""
    kept = [FieldRow(field["key"], field["label"], field["text"]) for field in template.fields] if template else []
    rows = _checked(kept + [FieldRow("", "", "")] * (ROWS - len(kept)))
    if template is None:
        return TemplateForm("", "pages/hazard/detail?id={编号}", True, rows, {})
    return TemplateForm(template.template_id, template.page, template.is_active, rows, {})


def save_template(
    session: Session, occasion: Occasion, form: TemplateForm, *, actor_id: UUID, now: datetime
) -> MessageTemplate:
    """Keep the template of an occasion. Raises Invalid with what is wrong. Audited."""
    if form.errors:
        raise Invalid(fields=form.errors)
    taken = select(MessageTemplate.id).where(
        MessageTemplate.template_id == form.template_id, MessageTemplate.occasion != occasion
    )
    if session.scalar(taken) is not None:
        raise Invalid(fields={"template_id": "这个编号已用在别的消息上"})
    template = session.scalar(select(MessageTemplate).where(MessageTemplate.occasion == occasion).with_for_update())
    if template is None:
        template = MessageTemplate(id=ids.new_id(), occasion=occasion)
        session.add(template)
    template.template_id, template.page, template.is_active = form.template_id, form.page, form.is_active
    template.fields = [{"key": row.key, "label": row.label, "text": row.text} for row in form.filled]
    template.updated_at, template.updated_by_id = now, actor_id
    session.flush()
    record(
        session, "message_template.saved", subject_type="message_template", subject_id=template.id, actor_id=actor_id,
        at=now, detail={"occasion": occasion.value, "is_active": template.is_active},
    )  # fmt: skip
    return template


def _checked(rows: Sequence[FieldRow]) -> list[FieldRow]:
    seen: set[str] = set()
    checked = []
    for row in rows:
        preview = fit(row.key, render(row.text, SAMPLE))
        error = _fault(row, preview, seen) if row.key or row.label or row.text else None
        seen.add(row.key)
        checked.append(FieldRow(row.key, row.label, row.text, preview, error))
    return checked


def _fault(row: FieldRow, preview: str, seen: set[str]) -> str | None:
    if kind_of(row.key) is None:
        return "没有这种字段，写法如 thing1、phrase2、time3"
    if row.key in seen:
        return "这个字段已经写过了"
    if len(row.label) > MAX_LABEL or len(row.text) > MAX_TEXT:
        return f"名称最多 {MAX_LABEL} 个字，内容最多 {MAX_TEXT} 个字"
    unknown = [name for name in PLACEHOLDER.findall(row.text) if name not in SAMPLE]
    if unknown:
        return f"没有“{unknown[0]}”，可以用：{'、'.join(SAMPLE)}"
    plain = PLACEHOLDER.sub("", row.text)
    return problem(row.key, preview) or (problem(row.key, row.text) if plain == row.text else None)
