"""What goes along into a copy of a campaign: offered on the form, chosen there, copied once the new one is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.core.errors import Invalid
from server.unions.actor import Actor
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.ports import PARTS, CampaignPart, Copying

YES = "1"


@dataclass(frozen=True, slots=True)
class OfferedPart:
    """A part as the form shows it: `field` with `value`, a box to tick, or a select where there are `choices`."""

    field: str
    title: str
    question: str
    words: str
    value: str
    choices: Sequence[tuple[str, str]] | None

    @property
    def can_be_copied(self) -> bool:
        """Not where something has to be decided anew and there is nothing to choose."""
        return self.choices is None or bool(self.choices)


def offer_parts(
    session: Session, source: Campaign, actor: Actor, posted: Mapping[str, str] | None = None
) -> list[OfferedPart]:
    """What there is to copy. Boxes are ticked at first; `posted` is the form that comes back."""
    offered = []
    for part in PARTS.answers:
        if words := part.describe(session, source.id, actor):
            choices = part.choices(session, actor) if part.choices is not None else None
            at_first = YES if choices is None else ""
            value = at_first if posted is None else posted.get(_field(part), "")
            offered.append(OfferedPart(_field(part), part.title, part.question, words, value, choices))
    return offered


def copy_parts(
    session: Session, source: Campaign, target: Campaign, posted: Mapping[str, str], *, actor: Actor, now: datetime
) -> None:
    """Copy what was ticked or chosen. Raises Invalid for a choice that there is not."""
    for part in PARTS.answers:
        chosen = posted.get(_field(part), "")
        if not chosen:
            continue
        allowed = {YES} if part.choices is None else {value for value, _ in part.choices(session, actor)}
        if chosen not in allowed:
            raise Invalid(f"{part.title}：没有这个选项，请重新选择。", fields={_field(part): "请重新选择"})
        part.copy(session, Copying(source, target, chosen, actor, now))


def _field(part: CampaignPart) -> str:
    return f"part-{part.name}"
