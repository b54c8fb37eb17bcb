"""The official account's menu."""

from typing import Any

from server.channels.official_account.texts import Keyword
from server.core.settings import Settings


def menu_of(settings: Settings) -> list[dict[str, Any]]:
    """The buttons: what needs a screen opens the mini program, what is told in a line is told in the chat."""
    more = [_page(settings, "闯关答题", "pages/quiz/index"), _page(settings, "提建议", "pages/suggestion/index"),
            _click("怎么用", Keyword.HELP)]  # fmt: skip
    return [
        _page(settings, "拍隐患", "pages/home/index"),
        _click("我的隐患", Keyword.MINE),
        {"name": "更多", "sub_button": more},
    ]


def _click(name: str, key: Keyword) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key.value}


def _page(settings: Settings, name: str, path: str) -> dict[str, Any]:
    """A page of the mini program; old versions of WeChat, and services without one, open the H5 page."""
    url = f"{settings.public_url.rstrip('/')}/h5/#/{path}"
    if not settings.wechat_app_id:
        return {"type": "view", "name": name, "url": url}
    return {"type": "miniprogram", "name": name, "appid": settings.wechat_app_id, "pagepath": path, "url": url}
