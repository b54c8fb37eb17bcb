"""What the pages of planning, recording and reading a visit show."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from flask import render_template
from sqlalchemy.orm import Session

from server.assignments.forms.queries import find_frozen
from server.assignments.forms.showing.answer_words import words_for_pages
from server.assignments.responses.answering.answer_files import limits_for
from server.core import clock
from server.core.slice import STRUCK
from server.kit.documents.files.downloads import has_office
from server.kit.documents.queries import find_document
from server.kit.documents.texts import default_mark
from server.kit.files.models import AttachedFile
from server.kit.scope import union_names
from server.kit.workflow import offers
from server.oversight.visits.findings.settling import five_of, is_grave, may_settle
from server.oversight.visits.listing import say_days
from server.oversight.visits.models import Side, SignedBy, Visit, VisitSignature, VisitStatus
from server.oversight.visits.papers.opinion import OPINION, say_signature
from server.oversight.visits.papers.record_sheet import RECORD_SHEET
from server.oversight.visits.queries import (
    finding_states,
    get_visit,
    last_visits,
    leading_role,
    list_findings,
    list_handovers,
    list_signatures,
    list_talks,
    may_see_whole,
    team_names,
    visits_this_year,
)
from server.oversight.visits.recording.planned import list_colleagues, list_forms
from server.oversight.visits.recording.posted import Shown, field_of
from server.oversight.visits.recording.visit_files import OF_FINDING, SUBJECT, Files, files_of, finding_field
from server.oversight.visits.texts import (
    CAUSE_NAMES,
    CHIPS,
    GRADE_NAMES,
    KIND_NAMES,
    MODE_NAMES,
    SIDE_NAMES,
    STATUS_NAMES,
)
from server.oversight.visits.workflow import WORKFLOW
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.lookup.picking import offer_unions
from server.unions.tree.models import Union

ENTERPRISES = frozenset({Level.ENTERPRISE})
WAYS = (("", "还没有签"), (SignedBy.TYPED, "登记姓名"), (SignedBy.REFUSED, "没有签，写明原因"))
KEPT_WAY = (SignedBy.DRAWN, "手机上手写的，保留")


def plan_page(
    session: Session, actor: Actor, raw: Mapping[str, Any], errors: Mapping[str, str], *, message: str = "",
    enterprise: UUID | str | None = None, words: str | None = None, visit: Visit | None = None,
) -> str:  # fmt: skip
    """A new plan, or one to be changed. What an enterprise had already is shown before another visit is planned."""
    chosen = visit.enterprise_id if visit is not None else enterprise
    offered = offer_unions(session, actor, ENTERPRISES, chosen, words)
    known = UUID(offered.chosen) if offered.chosen else None
    now = clock.now()
    return render_template(
        "visits/plan.html", raw=raw, errors=errors, message=message, visit=visit, offered=offered,
        modes=MODE_NAMES.items(), forms=list_forms(session, actor), people=list_colleagues(session, actor, visit),
        enterprise=union_names(session, {known})[known].name if known is not None else "",
        earlier=last_visits(session, [known])[known] if known is not None else (),
        this_year=visits_this_year(session, [known], now)[known] if known is not None else 0,
    )  # fmt: skip


def record_page(session: Session, visit: Visit, shown: Shown, key: str) -> str:
    """The record to be filled in: checklist, talks, findings, signatures."""
    form, files = find_frozen(session, visit.form_version_id), files_of(session, visit.id)
    return render_template(
        "visits/record.html", visit=visit, shown=shown.with_spare(), key=key, definition=form, files=files,
        answers=shown.answers, skipped=shown.skipped, errors=shown.errors, limits_for=limits_for, now=clock.now(),
        today=clock.day_of(clock.now()),
        field_of=field_of, of_finding=OF_FINDING, kinds=KIND_NAMES.items(), grades=GRADE_NAMES.items(),
        sides=SIDE_NAMES.items(), ways=WAYS, kept_way=KEPT_WAY, file_subject=SUBJECT, file_row=visit.id,
        enterprise=_name(session, visit.enterprise_id), **words_for_pages(),
    )  # fmt: skip


def visit_page(
    session: Session, visit_id: UUID, actor: Actor, raw: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None, message: str = "",
) -> str:  # fmt: skip
    """One visit. Talks, checklist and photos only for those who see it whole."""
    now = clock.now()
    visit = get_visit(session, visit_id, actor)
    whole = may_see_whole(session, visit, actor)
    files = files_of(session, visit.id) if whole else {}
    organizer = session.get_one(Union, visit.organizer_id)
    signatures, findings = list_signatures(session, visit.id), list_findings(session, visit.id)
    return render_template(
        "visits/visit.html", visit=visit, whole=whole, raw=raw or {}, errors=errors or {}, message=message,
        moves={each.name: each for each in offers(WORKFLOW, session, visit, actor=actor, now=now)},
        questions=WORKFLOW.questions(), status_name=STATUS_NAMES[visit.status], chip=CHIPS[visit.status],
        mode_name=MODE_NAMES[visit.mode], planned=say_days(visit), organizer=organizer,
        enterprise=_name(session, visit.enterprise_id), team=team_names(session, visit.id),
        talks=list_talks(session, visit.id) if whole else (), findings=findings,
        grave={each.id: five_of(each) for each in findings if is_grave(each)},
        settles=visit.status is VisitStatus.SENT and may_settle(actor, visit),
        leads=visit.status is VisitStatus.SENT and leading_role(actor, visit) is not None,
        handovers=list_handovers(session, visit.id), causes=CAUSE_NAMES, today=clock.day_of(now),
        states=finding_states(session, visit.id, now), kinds=KIND_NAMES, grades=GRADE_NAMES,
        signatures={side: say_signature(each, side) for side, each in signatures.items()},
        drawn={side: _drawn(files, side, signatures.get(side)) for side in Side}, files=files, sent_files=files,
        photos_of={each.id: files.get(finding_field(each.id), ()) for each in findings},
        definition=find_frozen(session, visit.form_version_id) if whole else None,
        opinion=find_document(session, OPINION, visit.id), sheet=find_document(session, RECORD_SHEET, visit.id),
        has_office=has_office(), mark=default_mark(organizer.short_name or "", organizer.name), **words_for_pages(),
    )  # fmt: skip


def _drawn(files: Files, side: Side, signed: VisitSignature | None) -> Sequence[AttachedFile]:
    """What was drawn of the signature that counts; not the hand of somebody who was erased."""
    if signed is None or STRUCK in signed.name:
        return ()
    return [each for each in files.get(f"sign.{side}", ()) if each.id == signed.file_id]


def _name(session: Session, union_id: UUID | None) -> str:
    return session.get_one(Union, cast(UUID, union_id)).name
