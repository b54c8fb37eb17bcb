"""Officers answer on the phone that is linked to their account; nobody else finds a task there."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from server.assignments.dispatch.models import Recipient
from server.core import clock, ids
from server.core.db import Database
from server.kit.files.queries import list_files
from server.unions.scans.actions import unlink_phone
from tests.integration.assignments.answering import Cast
from tests.support.callers import Answer, Phone
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.tasks import FULL, load_draft, load_row, load_versions

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def test_a_task_is_read_signed_answered_and_sent_on_the_phone(cast: Cast, database: Database) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    [line] = phone.get("/api/v1/tasks").ok().json["items"]
    assert (line["id"], line["kind_label"], line["status"]) == (str(task), "任务", "sent")
    shown = phone.get(f"/api/v1/tasks/{task}").ok().json
    assert shown["may"] == {"sign": True, "name": True, "answer": True, "submit": True}
    assert shown["form"]["sections"][0]["fields"][0]["key"] == "f1"
    assert shown["response"]["version"] == 0
    for signed in [phone.post(f"/api/v1/tasks/{task}/receipt").ok().json for _ in range(2)]:
        assert (signed["status"], signed["received"]["via"]) == ("received", "phone")
    kept = phone.put(f"/api/v1/tasks/{task}/response", {"version": 0, **FULL}).ok().json
    assert (kept["version"], kept["errors"]) == (1, {})
    sent = {"key": str(ids.new_id()), "version": 1, **FULL}
    answers = [phone.post(f"/api/v1/tasks/{task}/submissions", sent) for _ in range(2)]
    assert [each.status for each in answers] == [201, 200]
    assert answers[0].json["status"] == "submitted"
    assert phone.get("/api/v1/tasks").ok().json["items"] == []
    assert [each["status"] for each in phone.get("/api/v1/tasks?state=done").ok().json["items"]] == ["submitted"]
    assert load_row(database, task).submitted_by_id == cast.world.people.enterprise_reviewer.id


def test_what_was_returned_comes_with_its_remarks(cast: Cast, database: Database) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    phone.post(f"/api/v1/tasks/{task}/submissions", {"key": str(ids.new_id()), "version": 0, **FULL}).ok()
    cast.town(task).decide("return", load_row(database, task).version, **{"remark.f2": "核对", "remark": "改一处"})
    [line] = phone.get("/api/v1/tasks").ok().json["items"]
    assert (line["status"], line["remark"]) == ("returned", "改一处")
    shown = phone.get(f"/api/v1/tasks/{task}").ok().json
    assert (shown["before"]["number"], shown["before"]["answers"]["f1"]) == (1, "周工")
    assert (shown["remarks"], shown["remark"], shown["versions"][0]["outcome"]) == (
        {"f2": "核对"},
        "改一处",
        "returned",
    )


def test_an_officer_names_on_the_phone_who_answers(cast: Cast, database: Database) -> None:
    task, phone, me = cast.ask(), cast.linked_phone(), cast.world.people.enterprise_reviewer
    other = cast.reviewer(cast.world.unions.shipyard)
    shown = phone.get(f"/api/v1/tasks/{task}").ok().json
    assert shown["named"] is None
    assert {each["name"]: each["is_me"] for each in shown["colleagues"]} == {me.name: True, other.name: False}
    named = phone.put(f"/api/v1/tasks/{task}/named", {"version": shown["version"], "person": str(other.id)}).ok().json
    assert (named["named"]["name"], named["may"]["answer"], named["may"]["name"]) == (other.name, False, True)
    assert "另一位同事" in named["why_not"]
    refused = phone.put(f"/api/v1/tasks/{task}/response", {"version": 0, **FULL})
    assert (refused.status, refused.code) == (403, "not_the_named")
    stale = phone.put(f"/api/v1/tasks/{task}/named", {"version": shown["version"], "person": None})
    assert stale.status == 409
    freed = phone.put(f"/api/v1/tasks/{task}/named", {"version": named["version"], "person": None}).ok().json
    assert (freed["named"], freed["may"]["answer"]) == (None, True)


def test_a_worker_or_a_phone_that_is_linked_no_more_finds_none(cast: Cast, database: Database) -> None:
    task, people = cast.ask(), cast.world.people
    phone = cast.linked_phone()
    with database.transaction() as session:
        account = people.enterprise_reviewer.id
        unlink_phone(session, people.worker.id, account_id=account, actor_id=account, now=clock.now())
    other = cast.linked_phone(people.stranger, people.other_enterprise_reviewer)
    for each in (phone, cast.phone_of(people.colleague), other):
        assert each.get("/api/v1/tasks").ok().json["items"] == []
        assert each.get(f"/api/v1/tasks/{task}").status == 404
        assert each.post(f"/api/v1/tasks/{task}/receipt").status == 404
        assert each.put(f"/api/v1/tasks/{task}/response", {"version": 0, **FULL}).status == 404
        sent = {"key": str(ids.new_id()), "version": 0, **FULL}
        assert each.post(f"/api/v1/tasks/{task}/submissions", sent).status == 404


def test_a_retry_is_no_conflict_and_another_persons_words_are(cast: Cast) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    address = f"/api/v1/tasks/{task}/response"
    for _ in range(2):
        assert phone.put(address, {"version": 0, **FULL}).ok().json["version"] == 1
    cast.colleague(task).fill(f1="吴工")
    stale = phone.put(address, {"version": 1, "answers": {"f1": "别的"}})
    assert (stale.status, stale.code) == (409, "stale")
    assert phone.get(f"/api/v1/tasks/{task}").ok().json["response"]["answers"]["f1"] == "吴工"


DEEP: Any = 1
for _ in range(60):
    DEEP = [DEEP]


HOSTILE: list[dict[str, Any]] = [
    {"f1": 5}, {"f1": "长" * 101}, {"f1": {"a": 1}}, {"f1": DEEP}, {"f2": "1e9"}, {"f2": 10**30}, {"f2": True},
    {"f2": -1}, {"f3": ["gas"]}, {"f3": "wood"}, {"f4": "yes"}, {"c1": {"result": "fine"}},
    {"c1": {"result": "passed", "x": 1}}, {"c1": {"result": "passed", "photos": ["../../etc"]}}, {"t1": {"c": 1}},
    {"t1": [{"z": "1"}]}, {"t1": [{"c": "A", "d": "2027-13-01"}]}, {"t1": [[]] * 51}, {"zz": "1"},
    {"f1": None, "f2": []},
]  # fmt: skip
SENSELESS: list[dict[str, Any]] = [
    {"version": -1}, {"version": "x"}, {"version": 0, "answers": []}, {"version": 0, "answers": {"f1\u0000": "1"}},
    {"version": 0, "text": "长" * 4001}, {"version": 0, "skipped": {"s1": "不想填"}}, {"version": 0, "more": 1},
    {"version": 0, "answers": {f"k{number}": 1 for number in range(500)}}, {"version": 0, "skipped": {"s2": 5}},
    {"version": 0, "answers": {"长" * 50: 1}},
]  # fmt: skip


def test_hostile_answers_are_never_kept_nor_sent(cast: Cast, database: Database) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    for body in [*({"version": 0, "answers": answers} for answers in HOSTILE), *SENSELESS]:
        kept = phone.put(f"/api/v1/tasks/{task}/response", body)
        assert kept.status in (200, 409, 422), body
        draft = load_draft(database, task)
        assert draft is None or (draft.answers, draft.skipped, draft.text) == ({}, {}, ""), body
        refused = phone.post(f"/api/v1/tasks/{task}/submissions", {**body, "key": str(ids.new_id())})
        assert (refused.status, refused.code) == (422, "invalid"), body
        assert refused.json["error"]["fields"], body
    assert load_versions(database, task) == []


def test_a_key_of_another_task_or_with_other_words_is_refused(cast: Cast, database: Database) -> None:
    first, second, phone = cast.ask(), cast.ask(title="另一项"), cast.linked_phone()
    sent = {"key": str(ids.new_id()), "version": 0, **FULL}
    phone.post(f"/api/v1/tasks/{first}/submissions", sent).ok()
    for task, body in ((second, sent), (first, {**sent, "text": "再说一句"})):
        refused = phone.post(f"/api/v1/tasks/{task}/submissions", body)
        assert (refused.status, refused.code) == (409, "content_differs")
    assert load_versions(database, second) == []


def test_the_list_is_sorted_by_due_date_in_pages_and_asks_the_same_however_long_it_is(
    cast: Cast, database: Database
) -> None:
    phone = cast.linked_phone()
    tasks = [cast.ask(title=f"任务{number}", form=None) for number in range(3)]
    with database.transaction() as session:
        session.execute(update(Recipient).where(Recipient.id == tasks[0]).values(due_at=None))
        session.execute(update(Recipient).where(Recipient.id == tasks[1]).values(due_at=clock.now()))
    with count_statements(database.engine) as few:
        titles = [each["title"] for each in phone.get("/api/v1/tasks").ok().json["items"]]
    assert titles == ["任务1", "任务2", "任务0"]
    for number in range(3, 9):
        cast.ask(title=f"任务{number}", form=None)
    with count_statements(database.engine) as many:
        assert len(phone.get("/api/v1/tasks").ok().json["items"]) == 9
    assert len(many) == len(few) <= 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("server.assignments.responses.answering.phone_list.PAGE", 4)
        pages = [phone.get("/api/v1/tasks").ok().json]
        while pages[-1]["next"]:
            pages.append(phone.get(f"/api/v1/tasks?after={pages[-1]['next']}").ok().json)
    assert [len(page["items"]) for page in pages] == [4, 4, 1]
    assert len({each["id"] for page in pages for each in page["items"]}) == 9
    assert phone.get("/api/v1/tasks?after=zzz").status == 422
    assert phone.get("/api/v1/tasks?state=all").status == 422


def send_photo(phone: Phone, task: UUID, field: str = "c1") -> tuple[str, Answer]:
    """A photo of a field, under an id that the phone made."""
    sample, file_id = jpeg(), ids.new_id()
    query = f"subject=response&subject_id={task}&field={field}&name=a.jpg&sha256={sample.manifest['sha256']}"
    return str(file_id), phone.call("PUT", f"/api/v1/files/{file_id}?{query}", body=sample.content)


def failed(*photos: str) -> dict[str, Any]:
    return {"answers": {"f1": "周工", "c1": {"result": "failed", "words": "没有电", "photos": list(photos)}}}


def test_photos_go_with_an_answer_and_stay_with_what_was_sent(cast: Cast, database: Database) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    photo, kept = send_photo(phone, task)
    assert kept.status == 201
    phone.put(f"/api/v1/tasks/{task}/response", {"version": 0, **failed(photo)}).ok()
    cast.unit(task).fill(**{"c1.result": "failed", "c1.words": "没有电"})  # the desk posts no photos
    sent = {"key": str(ids.new_id()), "version": 2, **failed(photo)}
    assert [phone.post(f"/api/v1/tasks/{task}/submissions", sent).status for _ in range(2)] == [201, 200]
    [version] = load_versions(database, task)
    [copy] = version.answers["c1"]["photos"]
    assert copy != photo
    assert copy in cast.town(task).desk.get(f"/console/tasks/{task}/check").ok().text
    assert phone.delete(f"/api/v1/files/{photo}").status == 409
    cast.town(task).decide("return", load_row(database, task).version, remark="重拍一张")
    assert phone.delete(f"/api/v1/files/{photo}").status == 204
    with database.reading() as session:
        assert [str(file.id) for file in list_files(session, "response_version", [version.id])[version.id]] == [copy]


def test_an_answer_with_a_photo_that_never_came_is_not_sent(cast: Cast) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    other, _ = send_photo(phone, cast.ask(title="另一项"))
    for photo in (str(ids.new_id()), other):
        sent = {"key": str(ids.new_id()), "version": 0, **failed(photo)}
        refused = phone.post(f"/api/v1/tasks/{task}/submissions", sent)
        assert (refused.status, list(refused.json["error"]["fields"])) == (422, ["c1"])


def test_files_are_of_fields_that_take_them_and_of_the_union_alone(cast: Cast) -> None:
    task, phone, people = cast.ask(), cast.linked_phone(), cast.world.people
    assert send_photo(phone, task, "f1")[1].status == 422
    stranger = cast.linked_phone(people.stranger, people.other_enterprise_reviewer)
    assert send_photo(stranger, task)[1].status == 404
    assert stranger.get(f"/api/v1/files?subject=response&subject_id={task}").status == 404
    phone.post(f"/api/v1/tasks/{task}/submissions", {"key": str(ids.new_id()), "version": 0, **FULL}).ok()
    assert send_photo(phone, task)[1].status == 409


def test_a_phone_says_how_many_tasks_wait_to_whoever_answers_for_a_union_and_to_nobody_else(cast: Cast) -> None:
    task, phone = cast.ask(), cast.linked_phone()
    assert phone.get("/api/v1/me").ok().json["open_tasks"] == 1
    phone.post(f"/api/v1/tasks/{task}/submissions", {"key": str(ids.new_id()), "version": 0, **FULL}).ok()
    assert phone.get("/api/v1/me").ok().json["open_tasks"] == 0
    assert cast.phone_of(cast.world.people.colleague).get("/api/v1/me").ok().json["open_tasks"] is None
