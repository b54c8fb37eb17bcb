"""From a rule to the unions that it means, as conditions on the table of unions."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient, RecipientStatus
from server.assignments.dispatch.schemas import RecipientRule
from server.core.errors import Invalid
from server.kit.scope import lies_below
from server.unions.roles import Level
from server.unions.tree.lookup.flags import Flag, flagged
from server.unions.tree.lookup.tags import list_tags, tagged
from server.unions.tree.lookup.traits import with_traits
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN

Conditions = list[ColumnElement[bool]]


def rule_of(assignment: Assignment) -> RecipientRule:
    """Whom an assignment asks."""
    return RecipientRule.model_validate(assignment.rule)


def below(union: Union) -> Conditions:
    """The active unions of the subtree of `union`, itself and teams left out."""
    return [lies_below(Union, union), Union.id != union.id, Union.level != Level.TEAM, Union.is_active.is_(True)]


def is_meant(session: Session, rule: RecipientRule) -> ColumnElement[bool]:
    """Whether a union is asked by the rule, wherever it lies. Raises Invalid for a subtree that is not there."""
    by_rule: Conditions = [Union.level.in_(rule.levels)]
    if rule.within is not None:
        by_rule.append(_within(session, rule.within))
    if rule.tags:
        by_rule.append(tagged(rule.tags))
    of_enterprises = _of_enterprises(rule)
    if of_enterprises:
        by_rule.append(or_(Union.level != Level.ENTERPRISE, and_(*of_enterprises)))
    return and_(or_(and_(*by_rule), Union.id.in_(rule.plus)), Union.id.not_in(rule.minus))


def conditions_for(session: Session, assignment: Assignment) -> Conditions:
    """The unions that get an assignment when it is sent now, and did not yet: nobody gets the same root twice."""
    sender, rule = session.get_one(Union, assignment.sender_id), rule_of(assignment)
    got_it = select(Recipient.union_id).where(
        Recipient.root_id == assignment.root_id, Recipient.status != RecipientStatus.WITHDRAWN
    )
    if assignment.replaces_id is not None:
        got_it = got_it.where(Recipient.assignment_id != assignment.replaces_id)
    return [*named_by(session, rule, sender), Union.id.not_in(got_it)]


def named_by(session: Session, rule: RecipientRule, sender: Union) -> Conditions:
    """The unions that a rule of that sender names, whether they got the same before or not."""
    return [*below(sender), or_(is_meant(session, rule), Union.id.in_(rule.copies))]


def is_copied(session: Session, rule: RecipientRule) -> ColumnElement[bool]:
    """Whether a union gets a copy only; who is asked too, is asked."""
    return and_(Union.id.in_(rule.copies), ~is_meant(session, rule))


def require_within(session: Session, rule: RecipientRule, sender: Union) -> None:
    """Raise Invalid for a rule that begins outside of the sender's subtree."""
    if rule.within is None:
        return
    start = session.get(Union, rule.within)
    if start is None or getattr(start, OWN_COLUMN[sender.level]) != sender.id or start.level not in OWN_COLUMN:
        raise Invalid("只能发给自己管理范围内的单位。", fields={"within": "不在管理范围内"})


def refuse_tags(session: Session, rule: RecipientRule, sender: Union) -> Invalid | None:
    """Why unions cannot be chosen by these tags: nobody below the sender has one of them (any more)."""
    if not rule.tags:
        return None
    kept = session.scalars(select(Union.tags).distinct().where(tagged(rule.tags), *below(sender)))
    known = {tag for each in kept for tag in list_tags(each)}
    unknown = [tag for tag in rule.tags if tag not in known]
    return Invalid(fields={"tags": f"没有单位有这个标签：{'、'.join(unknown)}"}) if unknown else None


def _within(session: Session, union_id: UUID) -> ColumnElement[bool]:
    start = session.get(Union, union_id)
    if start is None or start.level not in OWN_COLUMN:
        raise Invalid("没有找到这个单位，请重新选择。", fields={"within": "请重新选择"})
    return lies_below(Union, start)


def _of_enterprises(rule: RecipientRule) -> Conditions:
    flags = {
        Flag.HIGH_RISK: rule.high_risk, Flag.CHEMICAL: rule.chemical, Flag.PRIVATE_SMALL: rule.non_public_sme,
    }  # fmt: skip
    conditions = [flagged(flag) for flag, is_wanted in flags.items() if is_wanted]
    if rule.traits:
        conditions.append(with_traits(rule.traits))
    columns: tuple[tuple[ColumnElement[Any], tuple[Any, ...]], ...] = (
        (Union.industry.expression, rule.industries),
        (Union.size.expression, rule.sizes),
        (Union.ownership.expression, rule.ownerships),
    )
    return conditions + [column.in_(values) for column, values in columns if values]
