"""What the phone shows of others can be complained about."""

import json

from flask import Flask

from server.core.slice import declared
from tests.support.sources import ROOT

OWN = [
    "/awards",
    "/drafts/{draft_id}/photos/{position}",
    "/files",
    "/hazards/proposal",
    "/inbox",
    "/invites/{code}",
    "/me",
    "/me/data",
    "/photos/originals",
    "/points",
    "/prizes/wins",
    "/quiz/attempts/{attempt_id}",
    "/quiz/attempts/{attempt_id}/result",
    "/quiz/daily",
    "/quiz/practice",
    "/quizzes/{quiz_id}/certificate",
    "/submissions",
    "/submissions/{submission_id}",
    "/submissions/{submission_id}/rectification",
    "/submissions/{submission_id}/story",
    "/submissions/{submission_id}/voices",
    "/submissions/{submission_id}/voices/{voice_id}",
    "/subscriptions/templates",
    "/tasks/{recipient_id}/traits",
    "/training/exam-attempts/{attempt_id}",
    "/training/exam-attempts/{attempt_id}/result",
    "/training/record",
    "/training/sessions/{session_id}/exam",
    "/receipts/open",
    "/visits/{visit_id}",
]
"""Nobody else's."""
OFFICIAL = [
    "/areas",
    "/awards/notices",
    "/campaign",
    "/draws",
    "/enterprises",
    "/enterprises/{enterprise_id}/locations",
    "/locations/{code}",
    "/privacy",
    "/privacy/policy",
    "/quizzes",
    "/quizzes/{quiz_id}",
    "/sign-in/ways",
    "/suggestions/categories",
    "/tasks",
    "/tasks/{recipient_id}",
    "/training/sessions",
    "/training/sessions/{session_id}",
    "/visits",
    "/visits/plans",
]
"""A union's or an enterprise's own words."""
NAMES = {
    "/quizzes/{quiz_id}/leaderboard": "shortened names of people who chose to stand there",
}
"""Who won or did well: no words or pictures of theirs."""
READ_BY_POST = {"/hazards/hints", "/hazards/proposal", "/receipts/open"}


def test_whatever_shows_what_others_wrote_is_declared_so_that_people_can_complain(app: Flask) -> None:
    paths = json.loads((ROOT / "miniprogram/openapi.json").read_text())["paths"]
    doors = {path for path, ways in paths.items() if "get" in ways or path.removeprefix("/api/v1") in READ_BY_POST}
    shown = [path for each in declared().published for path in each.shown_at]
    told = [*shown, *(f"/api/v1{path}" for path in (*OWN, *OFFICIAL, *NAMES))]
    assert sorted(told) == sorted(doors)


def test_a_declared_kind_has_its_page_in_the_console(app: Flask) -> None:
    rules = {rule.rule.split("<")[0].rstrip("/") for rule in app.url_map.iter_rules() if "<uuid:" in rule.rule}
    assert [each.subject for each in declared().published if each.path not in rules] == []
