"""`python -m tests.simulators.wechat --port 9300`: act WeChat on this machine until interrupted."""

import argparse

from tests.simulators.wechat.server import serve
from tests.simulators.wechat.state import Push, State


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulators.wechat", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--app-id", default="wx-simulated")
    parser.add_argument("--secret", default="simulated-secret")
    parser.add_argument("--busy", type=float, default=0.0, help="share of calls answered −1")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--push-url", default="", help="where verdicts on pictures are pushed to")
    parser.add_argument("--push-token", default="simulated")
    parser.add_argument("--push-format", choices=["json", "xml"], default="json")
    given = parser.parse_args()
    state = State({given.app_id: given.secret}, busy=given.busy, slow=given.slow)
    state.push = Push(given.push_url, given.push_token, given.push_format)
    server = serve(state, given.port)
    print(f"WeChat simulator on http://127.0.0.1:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


main()
