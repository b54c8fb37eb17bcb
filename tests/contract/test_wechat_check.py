"""`suishoupai wechat check` against the simulated WeChat: each fault is named in plain words."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from server import checkup
from server.app import create_app
from server.cli import main
from server.core import clock
from server.core.db import Database
from server.core.settings import PREFIX
from server.kit.occasions import Occasion
from server.notifications.subscribe.message_templates.form import read_form, save_template
from server.wechat import caller
from tests.simulators.wechat.state import Fault, State
from tests.support.backends import Embedded, make_settings
from tests.support.servers import free_port
from tests.support.simulated import simulated_wechat

APP, SECRET = "wx-simulated", "simulated-secret"
PUSH_TOKEN, AES_KEY = "simulatedtoken", "a" * 43
NO_MINI_PROGRAM = {"wechat_app_id": "", "wechat_app_secret": "", "wechat_push_token": "", "wechat_push_aes_key": ""}


@pytest.fixture
def state() -> State:
    known = State({APP: SECRET})
    known.templates["tmpl-1"] = ["thing1", "phrase2"]
    return known


@pytest.fixture
def wechat(state: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(caller, "BACK_OFF", (0.01, 0.01))
    with simulated_wechat(state) as url:
        yield url


@pytest.fixture
def values(embedded: Embedded, tmp_path: Path, wechat: str) -> dict[str, Any]:
    """Settings as they should be, but for an address that WeChat would take."""
    return {
        "wechat_app_id": APP, "wechat_app_secret": SECRET, "wechat_api_url": wechat, "wechat_push_token": PUSH_TOKEN,
        "wechat_push_aes_key": AES_KEY, "organisation_name": "某市总工会", "data_dir": tmp_path,
        "public_url": f"http://127.0.0.1:{free_port()}",
    }  # fmt: skip


@pytest.fixture
def running(embedded: Embedded, tmp_path: Path, values: dict[str, Any]) -> Iterator[None]:
    """The service at its public address, with one template filled in."""
    folder = values.pop("data_dir")
    settings = embedded.settings(folder, **values)
    values["data_dir"] = folder
    app = create_app(settings)
    form = {"template_id": "tmpl-1", "page": "pages/hazard/detail?id={编号}", "is_active": "1",
            "key_1": "thing1", "label_1": "隐患", "text_1": "{事项}"}  # fmt: skip
    with app.extensions["database"].transaction() as session:
        admin = embedded.world().people.admin.id
        save_template(session, Occasion.RESULT, read_form(form), actor_id=admin, now=clock.now())
    server = make_server("127.0.0.1", int(values["public_url"].rpartition(":")[2]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["database"].close()


def look(values: dict[str, Any], **changes: Any) -> dict[str, tuple[bool, str]]:
    """What is found, by name; the last finding of a name counts, the first fault before it."""
    wanted = {**values, **changes}
    settings = make_settings(wanted.pop("data_dir"), **wanted)
    database = Database(settings)
    found: dict[str, tuple[bool, str]] = {}
    for finding in checkup.examine(settings, database):
        if found.get(finding.name, (True, ""))[0]:
            found[finding.name] = (finding.is_well, finding.text)
    database.close()
    return found


def test_what_is_right_is_said_to_be_right(running: None, values: dict[str, Any]) -> None:
    found = look(values)
    assert found["小程序"] == (True, f"{APP} 能取得访问凭证")
    assert found["小程序消息推送"][0]
    assert found["模板“审核结果”"] == (True, "微信里有这个模板")
    assert found["隐私说明"][0]
    assert found["对外网址"] == (False, "微信只接受 https 的网址")
    assert found["模板“整改进展”"] == (False, "没有设置或没有启用：在管理端“消息模板”里填写")


@pytest.mark.parametrize(
    ("changes", "name", "said"),
    [
        ({"wechat_app_id": "wx-other"}, "小程序", "AppID 不对"),
        ({"wechat_app_secret": "wrong"}, "小程序", "AppSecret 不对"),
        (NO_MINI_PROGRAM, "小程序", "没有设置"),
        ({"public_url": ""}, "对外网址", "没有设置"),
        ({"public_url": "http://127.0.0.1:9"}, "对外网址", "打不开"),
        ({"wechat_push_token": "", "wechat_push_aes_key": ""}, "小程序消息推送", "没有设置"),
        ({"wechat_push_token": "another"}, "小程序消息推送", "应答不对"),
        ({"wechat_push_aes_key": ""}, "小程序消息推送", "安全模式"),
        ({"organisation_name": "本市总工会"}, "隐私说明", "请设置"),
        ({"wechat_api_url": "http://127.0.0.1:9"}, "小程序", "连不上微信"),
        ({"official_account_app_id": "wx-oa", "official_account_app_secret": "x"}, "公众号", "AppID 不对"),
    ],
)
def test_each_fault_is_named(
    running: None, values: dict[str, Any], changes: dict[str, Any], name: str, said: str
) -> None:
    is_well, text = look(values, **changes)[name]
    assert (is_well, said in text) == (False, True), text


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("errcode", number=40164, times=9), "IP 白名单"),
        (Fault("errcode", number=50002, times=9), "账号受限"),
        (Fault("errcode", number=12345, times=9), "错误码 12345"),
        (Fault("html", times=9), "连不上微信"),
    ],
    ids=lambda each: f"{each.kind}{each.number}" if isinstance(each, Fault) else None,
)
def test_what_wechat_refuses_is_explained(
    running: None, values: dict[str, Any], state: State, fault: Fault, said: str
) -> None:
    state.faults.append(fault)
    is_well, text = look(values)["小程序"]
    assert (is_well, said in text) == (False, True), text


def test_templates_that_wechat_does_not_know_and_fields_they_lack_are_named(
    running: None, values: dict[str, Any], state: State
) -> None:
    state.templates["tmpl-1"] = ["phrase2"]
    assert look(values)["模板“审核结果”"] == (False, "字段 thing1 不在这个模板里")
    state.templates.clear()
    assert "微信里没有编号 tmpl-1" in look(values)["模板“审核结果”"][1]


def test_the_command_prints_a_line_each_and_fails_if_anything_is_wrong(
    running: None, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**values, "secret_key": "a secret that is long enough for tests"}.items():
        monkeypatch.setenv(PREFIX + name.upper(), str(value))
    assert main(["wechat", "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"正常  小程序：{APP} 能取得访问凭证" in lines
    assert "异常  对外网址：微信只接受 https 的网址" in lines
    assert SECRET not in "".join(lines)
