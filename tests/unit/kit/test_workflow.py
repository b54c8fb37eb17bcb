"""The order in which a move is judged and made, on a row of no slice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, ClassVar, cast
from uuid import UUID

import pytest
from sqlalchemy import MetaData, String, Uuid, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from server.core import ids
from server.core.audit import actions
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.events import Event, subscribe
from server.kit import workflow as kit
from server.kit.workflow import (
    SYSTEM,
    Move,
    MoveContext,
    PartOf,
    Party,
    Step,
    StepData,
    Workflow,
    begin,
    kept_in,
    offers,
    perform,
    perform_held,
    require_possible,
    rows_of_beginning,
)
from server.unions.actor import Actor

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData()


class Door(Base):
    __tablename__ = "doors"

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    keeper_id: Mapped[UUID] = mapped_column(Uuid())
    knocks: Mapped[int] = mapped_column(default=0)


class S(StrEnum):
    SHUT = "shut"
    OPEN = "open"
    WALLED = "walled"


class M(StrEnum):
    BUILD = "build"
    KNOCK = "knock"
    OPEN = "open"
    SHUT = "shut"
    WALL = "wall"


Context = MoveContext[Any]


def _refuse_stranger(context: Context) -> AppError | None:
    is_keeper = context.actor is not None and context.actor.person_id == context.row.keeper_id
    return None if is_keeper else Forbidden("你不是看门的。", code="not_the_keeper")


def _lock(session: Session, row_id: UUID, _actor: Actor | None) -> Door:
    door = session.get(Door, row_id)
    if door is None:
        raise NotFound
    return door


def _knock(context: Context) -> StepData:
    context.row.knocks += 1
    return StepData("咚", data={"knocks": context.row.knocks})


def _refuse_quiet(context: Context) -> AppError | None:
    return None if context.row.knocks else Conflict("还没有人敲门。", code="nobody_knocked")


def _check_word(context: Context) -> AppError | None:
    return None if context.form.word == "芝麻" else Invalid("口令不对。", fields={"word": "不对"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    name: ClassVar[str] = "door.opened"


def _announce(_context: Context, step: Step) -> Iterator[Event]:
    yield DoorOpened(at=step.at, actor_id=step.actor_id)


KEEPER = Party("keeper", _refuse_stranger)
DOORS: Workflow[Any] = Workflow(
    subject="door", statuses=S, lock=_lock,
    moves=(
        Move(name=M.BUILD, party=KEEPER, before=(), after=S.SHUT, label="造门", audit="造门"),
        Move(name=M.KNOCK, party=KEEPER, before=(S.SHUT,), label="敲门", audit="敲门", effect=_knock),
        Move(
            name=M.OPEN, party=KEEPER, before=(S.SHUT,), after=S.OPEN, label="开门", audit="开门",
            guard=_refuse_quiet, check=_check_word, announce=_announce,
        ),
        Move(name=M.WALL, party=SYSTEM, before=(S.SHUT, S.OPEN), after=S.WALLED, label="砌死", audit="砌死"),
    ),
)  # fmt: skip


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The audit rows, which have no table here."""
    rows: list[Any] = []
    monkeypatch.setattr(actions, "_miss_words", lambda _action, _subject: None)  # doors are of no slice
    monkeypatch.setattr(kit, "insert_rows_in_one_statement", lambda _session, new: rows.extend(new))
    return rows


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def _actor(person_id: UUID) -> Actor:
    return Actor(person_id, "某人", ids.new_id(), None)


@pytest.fixture
def keeper() -> Actor:
    return _actor(ids.new_id())


@pytest.fixture
def door(session: Session, keeper: Actor, kept: list[Any]) -> Door:
    row = Door(id=ids.new_id(), status=S.SHUT, keeper_id=keeper.person_id)
    begin(DOORS, session, row, actor=keeper, now=NOW, said=StepData())
    kept.clear()
    return row


def _form(version: int | None = None, word: str = "芝麻") -> Any:
    return SimpleNamespace(word=word, **({"version": version} if version is not None else {}))


def test_what_begins_a_row_is_on_record_without_a_status_before(
    session: Session, keeper: Actor, kept: list[Any]
) -> None:
    row = Door(id=ids.new_id(), status=S.SHUT, keeper_id=keeper.person_id)
    begin(DOORS, session, row, actor=keeper, now=NOW, said=StepData(data={"wood": "oak"}))
    ((_, entry),) = kept
    assert (entry["action"], entry["detail"]) == ("door.build", {"from": None, "to": S.SHUT, "wood": "oak"})


def test_a_move_without_a_new_status_leaves_the_status_and_counts_the_version(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    perform(DOORS, session, door.id, M.KNOCK, actor=keeper, now=NOW, form=_form(version=1))
    assert (door.status, door.version, door.knocks) == (S.SHUT, 2, 1)
    ((_, entry),) = kept
    assert entry["detail"] == {"from": S.SHUT, "to": S.SHUT, "knocks": 1}


@pytest.mark.parametrize(
    ("move", "form", "is_keeper", "code"),
    [
        (M.KNOCK, _form(version=7), True, "stale"),
        (M.KNOCK, _form(version=7), False, "stale"),
        (M.KNOCK, None, False, "not_the_keeper"),
        (M.WALL, None, True, "forbidden"),
        (M.OPEN, _form(), True, "nobody_knocked"),
    ],
)
def test_a_refusal_changes_nothing_and_keeps_nothing(
    session: Session, door: Door, keeper: Actor, kept: list[Any], move: M, form: Any, is_keeper: bool, code: str
) -> None:
    actor = keeper if is_keeper else _actor(ids.new_id())
    with pytest.raises(AppError) as refused:
        perform(DOORS, session, door.id, move, actor=actor, now=NOW, form=form)
    assert refused.value.code == code
    assert (str(door.status), door.version, len(kept), len(session.dirty)) == ("shut", 1, 0, 0)


def test_what_was_filled_in_is_judged_after_whether_the_move_can_be_made(
    session: Session, door: Door, keeper: Actor
) -> None:
    with pytest.raises(Conflict):
        perform(DOORS, session, door.id, M.OPEN, actor=keeper, now=NOW, form=_form(word="西瓜"))
    perform(DOORS, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    with pytest.raises(Invalid):
        perform(DOORS, session, door.id, M.OPEN, actor=keeper, now=NOW, form=_form(word="西瓜"))


def test_whoever_listens_hears_of_the_move_with_the_new_status(session: Session, door: Door, keeper: Actor) -> None:
    heard: list[tuple[str, str]] = []

    def hear(_session: Session, event: DoorOpened) -> None:
        heard.append((event.name, door.status))

    subscribe(DoorOpened, hear)
    perform(DOORS, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    perform(DOORS, session, door.id, M.OPEN, actor=keeper, now=NOW, form=_form())
    assert heard == [("door.opened", S.OPEN)]


def test_what_is_offered_is_what_would_be_made(session: Session, door: Door, keeper: Actor) -> None:
    assert [move.name for move in offers(DOORS, session, door, actor=keeper, now=NOW)] == [M.KNOCK]
    perform(DOORS, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    assert [move.name for move in offers(DOORS, session, door, actor=keeper, now=NOW)] == [M.KNOCK, M.OPEN]
    assert offers(DOORS, session, door, actor=_actor(ids.new_id()), now=NOW) == []
    assert [move.name for move in offers(DOORS, session, door, actor=None, now=NOW)] == [M.WALL]


def test_a_move_that_several_parties_may_make_is_found_by_its_party() -> None:
    other = replace(DOORS.find(M.OPEN), party=SYSTEM)
    doors = replace(DOORS, moves=(*DOORS.moves, other))
    assert doors.find(M.OPEN).party is KEEPER
    assert doors.find(M.OPEN, "system").party is SYSTEM


def _is_open(context: Context) -> bool:
    return str(context.row.status) == S.OPEN


@pytest.fixture
def repeatable() -> Workflow[Any]:
    """Doors that can be opened again and again."""
    opening = replace(DOORS.find(M.OPEN), guard=None, check=None, announce=None, is_made=_is_open)
    return replace(DOORS, moves=(*(move for move in DOORS.moves if move.name is not M.OPEN), opening))


def test_making_a_move_again_changes_nothing_if_the_same_party_made_it(
    session: Session, door: Door, keeper: Actor, kept: list[Any], repeatable: Workflow[Any]
) -> None:
    for _ in range(2):
        perform(repeatable, session, door.id, M.OPEN, actor=keeper, now=NOW)
    assert (str(door.status), door.version, len(kept)) == ("open", 2, 1)
    with pytest.raises(Forbidden):
        perform(repeatable, session, door.id, M.OPEN, actor=_actor(ids.new_id()), now=NOW)


def test_the_audit_log_keeps_a_part_under_its_whole(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    house_id = ids.new_id()
    doors = replace(DOORS, part_of=PartOf(lambda _door: house_id, "door_id"))
    perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    ((_, entry),) = kept
    assert (entry["subject_id"], entry["detail"]["door_id"]) == (str(house_id), str(door.id))


def test_a_move_may_lead_to_another_on_a_row_that_is_held(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    def wall_up(context: Context, _step: Step) -> None:
        system = doors.context(context.session, context.row, actor=None, now=context.now, cause_id=context.actor_id)
        perform_held(doors, system, M.WALL)

    knocking = replace(DOORS.find(M.KNOCK), follow_up=wall_up)
    doors = replace(DOORS, moves=(knocking, *(move for move in DOORS.moves if move.name is not M.KNOCK)))
    perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    assert [entry["action"] for _, entry in kept] == ["door.knock", "door.wall"]
    assert {entry["actor_id"] for _, entry in kept} == {keeper.person_id}  # who set off what the system did
    assert str(door.status) == "walled"


def test_what_a_move_does_away_with_is_gone_and_on_record(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    def remove(context: Context) -> StepData:
        context.session.delete(context.row)
        return StepData()

    doors = replace(DOORS, moves=(replace(DOORS.find(M.KNOCK), effect=remove),))
    perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    assert session.get(Door, door.id) is None
    assert [entry["action"] for _, entry in kept] == ["door.knock"]


def test_the_last_of_several_leads_further(session: Session, door: Door, keeper: Actor, kept: list[Any]) -> None:
    def knock(context: Context) -> StepData:
        return replace(_knock(context), is_last=context.row.knocks == 2)

    knocking = replace(DOORS.find(M.KNOCK), effect=knock, last=S.OPEN)
    doors = replace(DOORS, moves=(knocking,))
    seen = []
    for _ in range(2):
        perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
        seen.append(str(door.status))
    assert seen == ["shut", "open"]
    assert [entry["detail"]["to"] for _, entry in kept] == [S.SHUT, S.OPEN]


def test_a_quiet_move_asks_for_no_version_and_counts_none(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    doors = replace(DOORS, moves=(replace(DOORS.find(M.KNOCK), is_quiet=True),))
    perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW, form=_form(version=7))
    assert (door.knocks, door.version, len(kept)) == (1, 1, 1)


def test_what_is_no_news_changes_the_row_and_leaves_no_step(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    def knock(context: Context) -> StepData | None:
        return None if _knock(context).data["knocks"] > 1 else StepData()

    doors = replace(DOORS, moves=(replace(DOORS.find(M.KNOCK), effect=knock),))
    for _ in range(2):
        perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    assert (door.knocks, len(kept), session.is_modified(door)) == (2, 1, False)


def test_of_two_moves_of_one_name_the_one_is_made_that_the_status_allows(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    back = replace(DOORS.find(M.OPEN), before=(S.OPEN,), after=S.SHUT, guard=None, check=None, announce=None)
    there = replace(back, before=(S.SHUT,), after=S.OPEN)
    doors = replace(DOORS, moves=(back, there))
    seen = []
    for _ in range(2):
        perform(doors, session, door.id, M.OPEN, actor=keeper, now=NOW)
        seen.append(str(door.status))
    assert seen == ["open", "shut"]


def test_a_move_may_say_in_its_own_words_that_the_status_is_wrong(session: Session, door: Door, keeper: Actor) -> None:
    knocking = replace(
        DOORS.find(M.KNOCK), before=(S.OPEN,), not_now=lambda _door: Conflict("门开着才行。", code="shut")
    )
    with pytest.raises(Conflict, match="门开着才行") as refused:
        perform(replace(DOORS, moves=(knocking,)), session, door.id, M.KNOCK, actor=keeper, now=NOW)
    assert refused.value.code == "shut"


def test_what_the_caller_keeps_of_a_move_stands_beside_what_the_effect_says(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    perform_held(DOORS, DOORS.context(session, door, actor=keeper, now=NOW, kept={"batch": 7}), M.KNOCK)
    ((_, entry),) = kept
    assert entry["detail"] == {"from": S.SHUT, "to": S.SHUT, "knocks": 1, "batch": 7}


def test_the_rows_of_a_beginning_are_those_that_begin_writes(kept: list[Any], keeper: Actor) -> None:
    new = SimpleNamespace(id=ids.new_id())
    ((_, entry),) = rows_of_beginning(DOORS, new, actor_id=keeper.person_id, now=NOW)
    assert (entry["action"], entry["subject_id"]) == ("door.build", str(new.id))
    assert entry["detail"] == {"from": None, "to": S.SHUT}


def test_the_situation_is_read_once_for_all_guards_and_before_anything_changes(
    session: Session, door: Door, keeper: Actor
) -> None:
    read: list[int] = []

    def look(_session: Session, row: Door) -> int:
        read.append(row.knocks)
        return row.knocks

    def refuse_noise(context: Context) -> AppError | None:
        return Conflict("太吵了。", code="noise") if context.snapshot else None

    guarded = [replace(DOORS.find(name), guard=refuse_noise, check=None) for name in (M.KNOCK, M.OPEN)]
    doors = replace(DOORS, moves=tuple(guarded), read_snapshot=look)
    assert len(offers(doors, session, door, actor=keeper, now=NOW)) == 2
    perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    assert read == [0, 0]
    with pytest.raises(Conflict, match="太吵"):
        require_possible(doors, doors.find(M.OPEN), doors.context(session, door, actor=keeper, now=NOW))
    assert read == [0, 0, 1]


def test_both_refusals_that_every_move_has_are_said_in_the_words_of_the_workflow(
    session: Session, door: Door, keeper: Actor
) -> None:
    doors = replace(
        DOORS,
        say_not_now=lambda row: f"门现在是“{row.status}”。",
        say_stale=lambda context: f"敲过 {context.row.knocks} 次了。",
    )
    door.status = S.WALLED
    session.flush()
    with pytest.raises(Conflict, match="门现在是“walled”。"):
        perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    with pytest.raises(Conflict, match="敲过 0 次了。"):
        perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW, form=_form(version=9))


class DoorStep(Base):
    __tablename__ = "door_steps"

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    door_id: Mapped[UUID] = mapped_column(Uuid())
    words: Mapped[str | None]
    note: Mapped[str | None]
    union_id: Mapped[UUID | None] = mapped_column(Uuid())
    data: Mapped[str] = mapped_column(String(100))


def test_a_history_keeps_in_whose_name_and_null_where_nothing_was_said(
    session: Session, door: Door, keeper: Actor, kept: list[Any]
) -> None:
    union_id = ids.new_id()
    party = replace(KEEPER, union_id=lambda _context: union_id)
    history = kept_in(cast(Any, DoorStep), "door_id", text="words", note="note", union_id="union_id")
    doors = replace(DOORS, moves=(replace(DOORS.find(M.KNOCK), party=party),), step_row=history)
    perform(doors, session, door.id, M.KNOCK, actor=keeper, now=NOW)
    (table, step), (_, entry) = kept
    assert (table.name, step["words"], step["note"], step["union_id"]) == ("door_steps", "咚", None, union_id)
    assert entry["detail"]["step"] == str(step["id"])
