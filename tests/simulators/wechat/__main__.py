"""`python -m tests.simulators.wechat --port 9300`: act WeChat on this machine until interrupted."""

import argparse
import os
import select
import threading
from contextlib import suppress

from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import Push, State


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.wechat", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--app-id", default="wx-simulated")
    parser.add_argument("--secret", default="simulated-secret")
    parser.add_argument("--account-app-id", default="wx-simulated-oa", help="the official account; same secret")
    parser.add_argument("--busy", type=float, default=0.0, help="share of calls answered −1")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--push-url", default="", help="where verdicts on pictures are pushed to")
    parser.add_argument("--push-token", default="simulated")
    parser.add_argument("--push-format", choices=["json", "xml"], default="json")
    parser.add_argument("--push-aes-key", default="", help="encrypts verdicts")
    parser.add_argument("--chat-url", default="", help="where what followers send is pushed to")
    parser.add_argument("--chat-token", default="simulated")
    parser.add_argument("--chat-aes-key", default="", help="encrypts what followers send")
    parser.add_argument("--service-url", default="", help="where links on the page lead")
    parser.add_argument("--while-pid", type=int, default=0, help="end when that process has ended")
    given = parser.parse_args()
    apps = {given.app_id: given.secret, given.account_app_id: given.secret}
    state = State(apps, busy=given.busy, slow=given.slow)
    state.push = Push(given.push_url, given.push_token, given.push_format, aes_key=given.push_aes_key)
    state.chat_push = Push(given.chat_url, given.chat_token, "xml", aes_key=given.chat_aes_key)
    state.chat_app_id, state.service_url = given.account_app_id, given.service_url
    state.pages.update(PAGES)
    server = serve(state, given.port)
    print(f"WeChat simulator on http://127.0.0.1:{server.server_port}/", flush=True)
    if given.while_pid:
        threading.Thread(target=_end_with, args=(given.while_pid,), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


PAGES = ("pages/home/index", "pages/hazard/draft", "pages/hazard/detail", "pages/mine/index", "pages/profile/binding")


def _end_with(pid: int) -> None:
    """End this process as soon as the one that it serves is gone."""
    with suppress(ProcessLookupError):
        select.select([os.pidfd_open(pid)], [], [])
    os._exit(0)


main()
