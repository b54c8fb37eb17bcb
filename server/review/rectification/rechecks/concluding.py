"""The conclusions of a sheet: each on its own, what is refused keeps nothing and is told with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import Invalid
from server.core.web.forms import Form
from server.kit.selections import Decided, Picked, decide_each
from server.review.rectification.actions import make_rectification_move
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.rechecks.looks import refuse_unseen
from server.review.rectification.rechecks.sheet import MOST
from server.review.rectification.schemas import CONCLUSIONS, FORMS, MoveIn
from server.unions.actor import Actor

CHOSEN, TEXT = "conclusion-", "text-"
"""Fields of one of them, before its id: `close:3` or `send_back:3` (the version on the page), and what is said."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is concluded on one of them."""

    row: Picked
    move: Move
    form: MoveIn


def read_conclusions(values: Mapping[str, str]) -> list[Conclusion]:
    """Those that were drawn, in the order of their ids; `way` and `text` go with every one that passes.

    Raises Invalid for none, too many, and for forms that are not filled in; its fields are named as on the page.
    """
    drawn = {name.removeprefix(CHOSEN): value for name, value in values.items() if name.startswith(CHOSEN) and value}
    if not drawn:
        raise Invalid("请先给每一条下结论；没有看清的可以先不处理。", code="nothing_picked")
    if len(drawn) > MOST:
        raise Invalid(f"一次最多复查 {MOST} 条。", code="too_many_picked")
    conclusions: list[Conclusion] = []
    errors: dict[str, str] = {}
    for row_id, chosen in sorted(drawn.items()):
        move, version = _read(chosen)
        own = values.get(f"{TEXT}{row_id}", "")
        sent = {"version": version, "text": own or (values.get("text", "") if move is Move.CLOSE else "")}
        form = Form(FORMS[move], sent | ({"way": values.get("way", "")} if move is Move.CLOSE else {}))
        errors |= {name if name == "way" else f"{name}-{row_id}": words for name, words in form.errors.items()}
        if form.value is not None:
            conclusions.append(Conclusion(Picked(_id_of(row_id), form.value.version), move, form.value))
    if errors:
        raise Invalid("还有没填好的地方，已在下面标出。什么都还没有提交。", fields=errors)
    return conclusions


def _read(chosen: str) -> tuple[Move, str]:
    name, _, version = chosen.partition(":")
    if name not in CONCLUSIONS:
        raise Invalid("请重新打开这一页再选。")
    return Move(name), version


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("请重新打开这一页再选。") from error


def conclude(session: Session, conclusions: Sequence[Conclusion], *, actor: Actor, now: datetime) -> Decided:
    """Make each of the moves, behind a savepoint of its own; none on what the actor has not looked at. Those that were
    made are picked, as they are now."""
    drawn = {each.row: each for each in conclusions}

    def decide(row: Picked) -> Picked:
        refusal = refuse_unseen(session, row.id, row.version, actor.person_id)
        if refusal is not None:
            raise refusal
        chosen = drawn[row]
        made = make_rectification_move(session, row.id, chosen.move, chosen.form, actor=actor, now=now)
        return Picked(made.id, made.version)

    return decide_each(session, [each.row for each in conclusions], decide)


def take_back(session: Session, rows: Sequence[Picked], *, actor: Actor, now: datetime) -> Decided:
    """Undo conclusions that nobody has been told of yet, each behind a savepoint of its own."""
    return decide_each(
        session, rows,
        lambda row: make_rectification_move(
            session, row.id, Move.UNDO, MoveIn(version=row.version), actor=actor, now=now
        ),
    )  # fmt: skip
