"""What the simulated WeChat knows: applications, tokens, codes, followers, consents, and what it received."""

import base64
import random
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

TOKEN_SECONDS, OVERLAP, CODE_SECONDS = 7200, 300, 300
ACTIVE_SECONDS, MEDIA_SECONDS = 2 * 3600, 3 * 86400
FORCES_A_DAY, FORCE_EVERY = 20, 30


class Refusal(Exception):
    """An answer with an errcode."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode, self.errmsg = errcode, errmsg


@dataclass
class Token:
    """An access token: `until` is its end, `killed` that it was replaced by force."""

    app_id: str
    endpoint: str
    until: float
    killed: bool = False


@dataclass
class Code:
    """A code good once, for `kind` login, phone or oauth."""

    kind: str
    openid: str
    until: float
    phone: str = ""
    used: bool = False


@dataclass
class Fault:
    """A bad day: `kind` is slow, silence, half, html, wrong_type, status, close or errcode; `times` how often still."""

    kind: str
    path: str = ""
    times: int = 1
    seconds: float = 0.0
    number: int = 0


@dataclass
class Push:
    """Where events are pushed to, and how."""

    url: str = ""
    token: str = "simulated"
    format: str = "json"
    delay: float = 0.2
    deliveries: int = 1
    timeout: float = 5.0
    aes_key: str = ""
    shape: str = "usual"  # of verdicts: usual, texts or v1
    compatible: bool = False  # encrypted, with the plain fields beside
    concurrent: bool = False  # all deliveries at the same moment
    tries: int = 3


@dataclass
class State:
    """Everything; calls hold `lock` while they look and change."""

    apps: dict[str, str]
    busy: float = 0.0
    slow: float = 0.0
    forward: float = 0.0
    push: Push = field(default_factory=Push)
    chat_push: Push = field(default_factory=lambda: Push(format="xml"))  # of the official account
    chat_app_id: str = ""
    chats: list[dict[str, Any]] = field(default_factory=list)  # what followers see, oldest first
    following: set[str] = field(default_factory=set)
    service_url: str = ""
    tokens: dict[str, Token] = field(default_factory=dict)
    current: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)  # openid → when the person last signed in
    keys: dict[str, str] = field(default_factory=dict)
    unionids: dict[str, str] = field(default_factory=dict)
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)
    templates: dict[str, list[str]] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    media: dict[str, tuple[str, bytes, float]] = field(default_factory=dict)
    menu: dict[str, Any] | None = None
    wrote: dict[str, list[float]] = field(default_factory=dict)  # openid → times of customer-service messages left
    forced: list[float] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    quotas: dict[str, int] = field(default_factory=dict)  # path → calls a day
    faults: list[Fault] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    pushed: list[dict[str, Any]] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> float:
        """Seconds, as far as the tests have moved them."""
        return time.time() + self.forward

    def check_app(self, app_id: str | None, secret: str | None) -> None:
        """Raises Refusal for a wrong application or secret."""
        if app_id not in self.apps:
            raise Refusal(40013, "invalid appid")
        if self.apps[app_id] != secret:
            raise Refusal(40125, "invalid appsecret")

    def issue_token(self, app_id: str, endpoint: str, *, force: bool) -> tuple[str, int]:
        """The token of an endpoint: the same until five minutes before its end, another by force."""
        now = self.now()
        name = self.current.get((app_id, endpoint), "")
        kept = self.tokens.get(name)
        self.forced = [at for at in self.forced if at > now - 86400]
        may_force = len(self.forced) < FORCES_A_DAY and (not self.forced or now - self.forced[-1] >= FORCE_EVERY)
        forcing = force and may_force
        if kept and not kept.killed and kept.until - now > OVERLAP and not forcing and endpoint == "stable":
            return name, int(kept.until - now)
        if kept:
            kept.killed = kept.killed or forcing
            kept.until = min(kept.until, now + OVERLAP)
        if forcing:
            self.forced.append(now)
        fresh = secrets.token_urlsafe(96)
        self.tokens[fresh] = Token(app_id, endpoint, now + TOKEN_SECONDS)
        self.current[app_id, endpoint] = fresh
        return fresh, TOKEN_SECONDS

    def check_token(self, token: str | None) -> str:
        """The application of a living token. Raises Refusal."""
        if not token:
            raise Refusal(41001, "access_token missing")
        kept = self.tokens.get(token)
        if kept is None or kept.killed:
            raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        if kept.until <= self.now():
            raise Refusal(42001, "access_token expired")
        return kept.app_id

    def new_code(self, kind: str, openid: str, phone: str = "") -> str:
        """A code for somebody, good for five minutes."""
        code = secrets.token_hex(16)
        self.codes[code] = Code(kind, openid, self.now() + CODE_SECONDS, phone)
        return code

    def use_code(self, kind: str, code: object) -> Code:
        """Use a code up. Raises Refusal."""
        kept = self.codes.get(code) if isinstance(code, str) else None
        if kept is None or kept.kind != kind or kept.until <= self.now():
            raise Refusal(40029, "invalid code")
        if kept.used:
            raise Refusal(40163, "code been used")
        kept.used = True
        return kept

    def sign_in(self, openid: str) -> str:
        """Note that somebody uses the application now. Their session key changes."""
        self.seen[openid] = self.now()
        self.keys[openid] = base64.b64encode(secrets.token_bytes(16)).decode()
        return self.keys[openid]

    def check_active(self, openid: object) -> str:
        """Raises Refusal unless the person used the application within two hours."""
        if not isinstance(openid, str) or openid not in self.seen:
            raise Refusal(40003, "invalid openid")
        if self.now() - self.seen[openid] > ACTIVE_SECONDS:
            raise Refusal(61010, "code is expired")
        return openid

    def take_fault(self, path: str) -> Fault | None:
        """The fault that hits this call, if any."""
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.path in ("", path):
                    fault.times -= 1
                    return fault
            if self.busy and random.random() < self.busy:
                return Fault("errcode", number=-1)
        return None
