"""The stable access token: one for all processes, renewed by one at a time."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.core import clock
from server.core.leased_values import LeasedValue
from server.wechat.outcomes import WechatSilent

MARGIN = 120  # seconds before its end at which a token is replaced; WeChat lets both live for 300
LEASE_SECONDS = 20.0
WAIT_SECONDS = 10.0
FORCE_EVERY, FORCES_A_DAY = 30, 18  # WeChat allows one in 30 s and 20 a day

Fetch = Callable[[bool], tuple[str, int]]  # (force) → token and seconds it lives


@dataclass(frozen=True, slots=True, repr=False)
class TokenKeeper:
    """Gives the token. `fetch` asks WeChat for one."""

    slot: LeasedValue
    fetch: Fetch

    def token(self) -> str:
        """A token that lives. Raises what `fetch` raises, and WechatSilent when another process takes too long."""
        kept = self.slot.read()
        return str(kept["token"]) if _lives(kept) else self._renew(None)

    def replace(self, dead: str) -> str:
        """Another token than `dead`, which WeChat refused; the same again if WeChat insists on it."""
        kept = self.slot.read()
        return str(kept["token"]) if _lives(kept) and kept["token"] != dead else self._renew(dead)

    def _renew(self, dead: str | None) -> str:
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            lease_id = self.slot.claim(LEASE_SECONDS)
            kept = self.slot.read()
            if _lives(kept) and kept["token"] != dead:  # somebody was quicker
                if lease_id is not None:
                    self.slot.release(lease_id)
                return str(kept["token"])
            if lease_id is not None:
                fresh = None
                try:
                    fresh = self._fetch(kept, force=dead is not None)
                finally:
                    self.slot.release(lease_id, fresh)
                return str(fresh["token"])
            time.sleep(0.05)
        raise WechatSilent("stable_token", "another process is at it", maybe_done=False)

    def _fetch(self, kept: dict[str, Any], *, force: bool) -> dict[str, Any]:
        now = clock.now()
        today, moment = clock.in_shanghai(now).date().isoformat(), int(now.timestamp())
        forced = int(kept.get("forced", 0)) if kept.get("forced_on") == today else 0
        may_force = force and forced < FORCES_A_DAY and moment - int(kept.get("forced_at", 0)) > FORCE_EVERY
        token, lives = self.fetch(may_force)
        return {
            "token": token,
            "expires_at": moment + lives,
            "forced": forced + may_force,
            "forced_on": today,
            "forced_at": moment if may_force else int(kept.get("forced_at", 0)),
        }


def _lives(kept: dict[str, Any]) -> bool:
    return bool(kept.get("token")) and int(kept["expires_at"]) - clock.now().timestamp() > MARGIN
