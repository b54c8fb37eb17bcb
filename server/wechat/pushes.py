"""What a push says: a message of somebody's, or an event. Everything in it is from outside and of known size."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from server.wechat.parsing import Fields, PushMalformed, degrees_of, text_of, whole_of
from server.wechat.verdicts import MediaChecked

DOWNLOAD_FAILED = 4294966288  # −1008 as an unsigned number, in callbacks of version 1
_OPENID = re.compile(r"[0-9A-Za-z_@.-]{1,64}")
_SCENE = "qrscene_"


@dataclass(frozen=True, slots=True)
class Point:
    """Where somebody says something is. In WeChat's messages `Location_X` is the latitude."""

    latitude: float
    longitude: float
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class Push:
    """One message or event. `key` is the same for every delivery of it, `kind` text, image, location, … or `event`.

    `text` of a voice message is what WeChat heard, empty where it does not listen.
    """

    key: str
    account: str
    openid: str
    kind: str
    event: str = ""
    event_key: str = ""
    text: str = ""
    media_id: str = ""
    point: Point | None = None
    media_checked: MediaChecked | None = None

    @property
    def scene(self) -> str:
        """What a scanned code says, whoever scans it already following or not; else empty."""
        if self.event == "subscribe" and self.event_key.startswith(_SCENE):
            return self.event_key.removeprefix(_SCENE)
        return self.event_key if self.event == "scan" else ""


def read_push(fields: Fields) -> Push:
    """The push in these fields. Raises PushMalformed if it lacks what every push has."""
    kind, openid = text_of(fields, "MsgType", longest=40).lower(), text_of(fields, "FromUserName", longest=65)
    account, event = text_of(fields, "ToUserName", longest=65), text_of(fields, "Event", longest=60).lower()
    created_at = whole_of(fields, "CreateTime")
    if not kind or not _OPENID.fullmatch(openid) or not _OPENID.fullmatch(account) or created_at is None:
        raise PushMalformed
    if kind == "event" and not event:
        raise PushMalformed
    event_key = text_of(fields, "EventKey", longest=256)
    message_id = whole_of(fields, "MsgId")
    checked = _media_checked(fields) if event == "wxa_media_check" else None
    same = (message_id,) if message_id is not None else (created_at, event, event_key, checked and checked.trace_id)
    return Push(
        key=sha256(repr((account, openid, kind, *same)).encode()).hexdigest(),
        account=account,
        openid=openid,
        kind=kind,
        event=event,
        event_key=event_key,
        text=text_of(fields, "Recognition" if kind == "voice" else "Content").strip(),
        media_id=text_of(fields, "MediaId", longest=256),
        point=_point(fields) if kind == "location" else None,
        media_checked=checked,
    )


def _point(fields: Fields) -> Point | None:
    latitude, longitude = degrees_of(fields, "Location_X", 90), degrees_of(fields, "Location_Y", 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None
    return Point(latitude, longitude, " ".join(text_of(fields, "Label", longest=200).split()))


def _media_checked(fields: Fields) -> MediaChecked | None:
    """The verdict, in any shape it was seen in: labels as texts, no errcode, `detail` once or often, or version 1."""
    trace_id = text_of(fields, "trace_id", longest=201)
    if not 0 < len(trace_id) <= 200:
        return None
    result = fields.get("result")
    if not isinstance(result, Mapping):
        return _media_checked_v1(trace_id, fields)
    suggest, label = _scalar(result, "suggest").lower(), whole_of(result, "label")
    known = suggest if suggest in ("pass", "review", "risky") else ""
    errcode = whole_of(fields, "errcode") or 0
    return MediaChecked(trace_id, errcode, known, label if label is not None and 0 <= label < 10**9 else 0)


def _media_checked_v1(trace_id: str, fields: Fields) -> MediaChecked:
    """Version 1 told only whether a picture is risky, and not of what kind."""
    status, risky = whole_of(fields, "status_code") or 0, whole_of(fields, "isrisky")
    errcode = -1008 if status == DOWNLOAD_FAILED else status
    if risky is None:
        return MediaChecked(trace_id, errcode or -1, "", 0)
    return MediaChecked(trace_id, errcode, "risky" if risky else "pass", 21000 if risky else 100)


def _scalar(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""
