"""What the page of a draft posts, read into the shape of a draft; and a draft as that page shows it."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from server.assignments.dispatch.choosing.statements import rule_of
from server.assignments.dispatch.drafting.filling import DETAIL
from server.assignments.dispatch.models import Assignment

Posted = MultiDict[str, str]
_PLAIN = ("sender_id", "title", "text", "campaign_id", "form_id", "checker", "due_on", "remind_days")
_BOXES = ("wants_receipt", "wants_reply", "may_pass_on")
_FLAGS = ("high_risk", "chemical", "non_public_sme")
_SEVERAL = ("levels", "tags", "sizes", "ownerships", "traits")
_KEPT = ("plus", "minus", "copies")  # changed on the page that lists the unions


def read_draft(posted: Posted, before: Assignment | None = None) -> dict[str, Any]:
    """The fields of schemas.DraftIn; units that are named one by one stay as they are."""
    plain = {name: posted[name] for name in _PLAIN if posted.get(name)}
    kept = rule_of(before).model_dump(include=set(_KEPT)) if before is not None else {}
    details = {name.removeprefix(DETAIL): value for name, value in posted.items() if name.startswith(DETAIL)}
    boxes = {name: name in posted for name in _BOXES}
    return {"text": "", **plain, **boxes, "rule": {**read_rule(posted), **kept}, "details": details}


def read_rule(posted: Posted) -> dict[str, Any]:
    """The fields of schemas.RecipientRule that are filled in."""
    rule: dict[str, Any] = {name: name in posted for name in _FLAGS}
    rule |= {name: tuple(posted.getlist(name)) for name in _SEVERAL}
    words = posted.get("industries", "").replace("，", "、").replace(",", "、").split("、")
    rule["industries"] = tuple(word.strip() for word in words if word.strip())
    if posted.get("within"):
        rule["within"] = posted["within"]
    return rule


def show_draft(draft: Assignment) -> Mapping[str, Any]:
    """A draft as its page fills in its fields."""
    rule = rule_of(draft).model_dump(mode="json")
    return {
        **{name: getattr(draft, name) for name in (*_PLAIN, *_BOXES)},
        **{name: rule[name] for name in (*_FLAGS, *_SEVERAL)},
        "within": rule["within"] or "",
        "industries": "、".join(rule["industries"]),
        "details": draft.details,
    }


def show_posted(posted: Posted) -> Mapping[str, Any]:
    """What was posted, as the page fills it in again."""
    details = {name.removeprefix(DETAIL): value for name, value in posted.items() if name.startswith(DETAIL)}
    several = {name: posted.getlist(name) for name in _SEVERAL}
    boxes = {name: name in posted for name in (*_BOXES, *_FLAGS)}
    return {**posted.to_dict(), **several, **boxes, "details": details}


def flat_errors(errors: Mapping[str, str]) -> dict[str, str]:
    """Faults by the names of the page's fields: `rule.levels` stands at `levels`."""
    flat: dict[str, str] = {}
    for path, words in errors.items():
        name = path.removeprefix("rule.").split(".")[0]
        flat[name] = words
    return flat
