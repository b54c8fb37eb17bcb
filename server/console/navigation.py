"""The console's navigation. An entry shows when its page exists and the caller may open it: the page's own permission
decides, so that there is nothing to keep in step."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

from server.core.web.access import PUBLIC, find_actor, permission_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A link in the navigation. `path` also marks the entry as current for every page below it."""

    label: str
    icon: str
    path: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one job, under its name."""

    label: str
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        "待办",
        (
            Entry("首页", "home", "/console/"),
            Entry("待办队列", "inbox", "/console/queue"),
            Entry("整改", "tool", "/console/rectifications"),
            Entry("调度", "alarm", "/console/dispatch"),
            Entry("建议落实", "bulb", "/console/suggestions"),
            Entry("每日摘要", "calendar-due", "/console/digests"),
        ),
    ),
    Group(
        "督促与奖励",
        (
            Entry("一函两书", "mail", "/console/letters"),
            Entry("评奖", "award", "/console/awards"),
            Entry("积分", "coin", "/console/points"),
            Entry("统计", "chart-bar", "/console/figures"),
        ),
    ),
    Group(
        "知识闯关",
        (
            Entry("竞赛设置", "trophy", "/console/quizzes"),
            Entry("题库", "book", "/console/questions"),
            Entry("答题数据", "chart-line", "/console/quiz-figures"),
            Entry("奖品与抽奖", "gift", "/console/prizes"),
        ),
    ),
    Group("组织", (Entry("工会", "building-community", "/console/unions"), Entry("人员", "users", "/console/people"))),
    Group(
        "设置",
        (
            Entry("活动设置", "calendar", "/console/campaigns"),
            Entry("回复模板", "template", "/console/templates"),
            Entry("消息模板", "message", "/console/message-templates"),
            Entry("审计日志", "file-search", "/console/audit"),
            Entry("失败任务", "alert-triangle", "/console/jobs"),
        ),
    ),
)


def can(permission: str) -> bool:
    """Whether the caller holds `permission`."""
    if permission == PUBLIC:
        return True
    actor = find_actor()
    holders: frozenset[str] = current_app.extensions["policy"].get(permission, frozenset())
    return actor is not None and bool(holders & actor.role_names)


def navigation() -> list[Group]:
    """The groups the caller may see, with the current entry marked."""
    here = _current_path()
    groups = (Group(group.label, tuple(_visible(group, here))) for group in GROUPS)
    return [group for group in groups if group.entries]


def _visible(group: Group, here: str) -> Iterator[Entry]:
    for entry in group.entries:
        permission = _page_permission(current_app, entry.path)
        if permission is not None and can(permission):
            yield Entry(entry.label, entry.icon, entry.path, current=entry.path == here)


def _page_permission(app: Flask, path: str) -> str | None:
    """The permission of the page at `path`, None if there is no such page."""
    try:
        endpoint, _ = app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return None
    return permission_of(app, endpoint)


def _current_path() -> str:
    """The longest path of an entry that the request is at or below."""
    at = request.path
    paths = [entry.path for group in GROUPS for entry in group.entries]
    fitting = [path for path in paths if at == path or (path != "/console/" and at.startswith(path.rstrip("/") + "/"))]
    return max(fitting, key=len, default="")
