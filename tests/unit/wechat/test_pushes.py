"""Pushes: WeChat's own examples, every mode, wild shapes, and what is no push at all."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from server.core.text import drop_invisible
from server.wechat.parsing import PushForbidden, PushMalformed, parse_body
from server.wechat.pushes import Push, read_push
from server.wechat.replies import text_reply
from server.wechat.sealing import WINDOW_SECONDS, Keyhole
from server.wechat.verdicts import MediaChecked
from tests.unit.wechat import pushing
from tests.unit.wechat.pushing import APP_ID, KEY, OTHER_KEY, TEXT, TOKEN, plain_query, sealed_push, xml

NOW = datetime.fromtimestamp(int(pushing.STAMP), UTC)
PLAIN = Keyhole(APP_ID, TOKEN)
SECURE = Keyhole(APP_ID, TOKEN, (KEY,))
ENCRYPT = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT"
    "740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8Y"
    "L/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


def at(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)


# WeChat's own examples


def test_the_address_check_of_the_official_example() -> None:
    query = {"signature": "f464b24fc39322e44b38aa78f5edd27bd1441696", "echostr": "4375120948345356249",
             "timestamp": "1714036504", "nonce": "1514711492"}  # fmt: skip
    assert PLAIN.check_address(query, at(1714036504)) == "4375120948345356249"
    assert SECURE.check_address(query, at(1714036504)) == "4375120948345356249"  # plain in secure mode too


def test_the_plain_push_of_the_official_example_is_signed() -> None:
    query = {"signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78", "timestamp": "1714037059", "nonce": "486452656"}
    assert PLAIN.open(query, xml(TEXT).encode(), at(1714037059)).key is None


def test_the_secure_push_of_the_official_example_is_opened() -> None:
    query = {"signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d", "timestamp": "1714112445", "nonce": "415670741",
             "encrypt_type": "aes", "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"}  # fmt: skip
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": ENCRYPT}).encode()
    opened = SECURE.open(query, body, at(1714112445))
    assert opened.key == KEY
    assert opened.fields["MsgType"] == "event"
    assert opened.fields["Event"] == "debug_demo"
    assert read_push(opened.fields).event == "debug_demo"


def test_the_signature_that_must_not_be_used_does_not_open_a_secure_push() -> None:
    query, body = sealed_push(xml(TEXT))
    with pytest.raises(PushForbidden):
        SECURE.open(query | {"msg_signature": query["signature"]}, body, NOW)


# Modes


@pytest.mark.parametrize("as_json", [False, True])
def test_plain_pushes_are_read(as_json: bool) -> None:
    body = json.dumps(TEXT) if as_json else xml(TEXT)
    push = read_push(PLAIN.open(plain_query(), body.encode(), NOW).fields)
    assert (push.kind, push.openid, push.text) == ("text", "o-follower", "配电箱门坏了")


@pytest.mark.parametrize("as_json", [False, True])
def test_encrypted_pushes_are_read(as_json: bool) -> None:
    query, body = sealed_push(json.dumps(TEXT) if as_json else xml(TEXT), as_json=as_json)
    assert read_push(SECURE.open(query, body, NOW).fields).text == "配电箱门坏了"


def test_of_a_compatible_push_only_what_is_encrypted_counts() -> None:
    query, body = sealed_push(xml(TEXT), beside={**TEXT, "Content": "假的"})
    assert read_push(SECURE.open(query, body, NOW).fields).text == "配电箱门坏了"


def test_after_a_change_of_keys_both_open_and_the_answer_goes_under_the_one_that_fitted() -> None:
    both = Keyhole(APP_ID, TOKEN, (OTHER_KEY, KEY))
    for key in (OTHER_KEY, KEY):
        query, body = sealed_push(xml(TEXT), key=key)
        opened = both.open(query, body, NOW)
        assert opened.key == key
        answer = parse_body(both.seal("<xml><A>1</A></xml>", opened.key, query, NOW).encode())
        crypto = WeChatCrypto(TOKEN, key, APP_ID)
        opened_again = crypto.decrypt_message(answer, answer["MsgSignature"], answer["TimeStamp"], answer["Nonce"])
        assert opened_again == "<xml><A>1</A></xml>"
        assert answer["Nonce"] == query["nonce"]
    query, body = sealed_push(xml(TEXT))
    with pytest.raises(PushForbidden):
        Keyhole(APP_ID, TOKEN, (OTHER_KEY,)).open(query, body, NOW)


def test_with_a_key_set_plain_pushes_are_refused() -> None:
    for mode in ({}, {"encrypt_type": "raw"}):
        with pytest.raises(PushForbidden):
            SECURE.open(plain_query() | mode, xml(TEXT).encode(), NOW)


def test_without_a_key_encrypted_pushes_say_what_is_missing() -> None:
    query, body = sealed_push(xml(TEXT))
    with pytest.raises(PushForbidden) as raised:
        PLAIN.open(query, body, NOW)
    assert raised.value.code == "push_key_missing"


# Who sent it, and when


def test_a_wrong_signature_is_refused() -> None:
    for wrong in ("", "0" * 40, plain_query()["signature"].upper(), "签名", "\udc80"):
        with pytest.raises(PushForbidden):
            PLAIN.open(plain_query() | {"signature": wrong}, xml(TEXT).encode(), NOW)


@pytest.mark.parametrize("late", [WINDOW_SECONDS + 1, -WINDOW_SECONDS - 1, 86400])
def test_a_time_too_far_away_is_refused_however_well_signed(late: int) -> None:
    query, body = sealed_push(xml(TEXT))
    with pytest.raises(PushForbidden):
        SECURE.open(query, body, NOW + timedelta(seconds=late))
    with pytest.raises(PushForbidden):
        PLAIN.check_address(plain_query() | {"echostr": "1"}, NOW + timedelta(seconds=late))


@pytest.mark.parametrize(
    "change", [{"timestamp": "-1"}, {"timestamp": "9" * 400}, {"timestamp": "1e9"}, {"nonce": "]]>"}, {"nonce": ""}]
)
def test_odd_times_and_nonces_are_malformed(change: dict[str, str]) -> None:
    with pytest.raises(PushMalformed):
        PLAIN.open(plain_query() | change, xml(TEXT).encode(), NOW)


def test_a_push_for_another_application_is_refused() -> None:
    query, body = sealed_push(xml(TEXT), app_id="wx-another")
    with pytest.raises(PushForbidden):
        SECURE.open(query, body, NOW)


def test_a_ciphertext_that_was_changed_is_refused() -> None:
    query, body = sealed_push(xml(TEXT), as_json=True)
    for changed in (body.replace(b'Encrypt": "', b'Encrypt": "AAAA'), body[:-2] + b'AAAA"}'):
        with pytest.raises(PushForbidden):
            SECURE.open(query, changed, NOW)


@pytest.mark.parametrize("sealed", ["AAAA", "A" * 64, "====", "A" * 63, "中" * 8, "A" * 44 + "\n" + "A" * 19])
def test_signed_nonsense_is_refused(sealed: str) -> None:
    query = plain_query() | {"encrypt_type": "aes"}
    query["msg_signature"] = pushing.sign(TOKEN, query["timestamp"], query["nonce"], sealed)
    with pytest.raises((PushForbidden, PushMalformed)):
        SECURE.open(query, json.dumps({"Encrypt": sealed}).encode(), NOW)


# Bodies that are none


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"1", b"null", b"<xml/>", b"<xml></xml>", b"<xml>only text</xml>",
        b"<a><MsgType>text</MsgType></a>",
        b"\xff\xfe", b"\x00", b"<xml><MsgType>text", b'{"MsgType": "text"', b'{"MsgType": NaN}', b'{"\xff": 1}',
        (BOMB + "<xml><MsgType>&b;</MsgType></xml>").encode(),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><MsgType>&e;</MsgType></xml>',
        b"[" * 60000, b'{"a":' * 10000, b"<a>" * 20000, ("<xml>" + "<f>1</f>" * 5 + "<x y='" + "z" * 100).encode(),
        "<xml><MsgType>text</MsgType></xml>".encode("utf-16"),
        json.dumps({f"f{number}": 1 for number in range(61)}).encode(),
        b'{"MsgType":"\\ud800"}',
    ],
)  # fmt: skip
def test_what_is_no_push_is_malformed(body: bytes) -> None:
    with pytest.raises(PushMalformed):
        read_push(parse_body(body))


@pytest.mark.parametrize(
    "declared",
    [
        "<!ENTITY e 'aaaa'>",
        "<!ENTITY a 'aaaa'><!ENTITY e '&a;&a;'>",
        '<!ENTITY e SYSTEM "file:///etc/passwd">',
        "<!ENTITY % p 'x'>",
    ],
)
def test_a_push_that_declares_entities_is_refused_though_it_is_whole(declared: str) -> None:
    body = f"<!DOCTYPE xml [{declared}]>" + xml(TEXT).replace(
        "<![CDATA[配电箱门坏了]]>", "&e;" if " e " in declared else "x"
    )
    with pytest.raises(PushMalformed):
        read_push(parse_body(body.encode()))


@pytest.mark.parametrize(
    "smuggled",
    [
        "<MsgType><![CDATA[text]]></MsgType><MsgType>event</MsgType>",
        "<MsgType>te<b>xt</b></MsgType>",
        "<MsgType>text</MsgType><Content><![CDATA[a]]><MsgType>event</MsgType><![CDATA[b]]></Content>",
        "<MsgType>text</MsgType><FromUserName>o-another</FromUserName>",
    ],
)
def test_fields_broken_out_of_a_text_are_refused(smuggled: str) -> None:
    body = f"<xml><ToUserName>gh</ToUserName><FromUserName>o-1</FromUserName><CreateTime>1</CreateTime>{smuggled}</xml>"
    with pytest.raises(PushMalformed):
        read_push(parse_body(body.encode()))


@pytest.mark.parametrize("missing", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
def test_a_push_lacks_nothing_that_every_push_has(missing: str) -> None:
    with pytest.raises(PushMalformed):
        read_push({name: value for name, value in TEXT.items() if name != missing})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(["suggest", "label", "x"]), SCALARS)
NAMES = st.sampled_from(
    ["MsgType", "Event", "EventKey", "Content", "MediaId", "MsgId", "Location_X", "Location_Y", "Label", "trace_id",
     "result", "errcode", "status_code", "isrisky", "detail", "FromUserName", "CreateTime", "ToUserName"]
)  # fmt: skip
KINDS = st.sampled_from(["text", "image", "location", "event", "voice", "nonsense"])
EVENTS = st.sampled_from(["wxa_media_check", "subscribe", "SCAN", "CLICK"])


@given(st.binary(max_size=400))
def test_any_bytes_are_a_push_or_malformed(body: bytes) -> None:
    with suppress(PushMalformed):
        read_push(parse_body(body))


@given(st.dictionaries(NAMES, VALUES, max_size=6), KINDS, EVENTS)
def test_any_fields_are_a_push_or_malformed(odd: dict[str, Any], kind: str, event: str) -> None:
    try:
        push = read_push({**TEXT, "MsgType": kind, "Event": event, **odd})
    except PushMalformed:
        return
    assert isinstance(push, Push)
    assert len(push.text) <= 4096
    assert "\x00" not in push.text + push.event_key + push.media_id


@given(st.text(max_size=300), st.binary(max_size=200))
def test_any_content_under_a_genuine_seal_is_opened_or_refused(text: str, content: bytes) -> None:
    for inner in (content, xml({**TEXT, "Content": text}).encode("utf-8", "surrogatepass")):
        query, body = sealed_push(inner)
        with suppress(PushForbidden, PushMalformed):
            read_push(SECURE.open(query, body, NOW).fields)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_texts_come_back_as_they_were_sent(text: str) -> None:
    push = read_push(parse_body(json.dumps({**TEXT, "Content": text}).encode()))
    assert push.text == drop_invisible(text).strip()


@example("]]>")
@example("]]]]>")
@example("]]></Content><MsgType>event</MsgType><Content><![CDATA[")
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=200))
def test_no_text_breaks_out_of_an_answer(text: str) -> None:
    push = read_push(TEXT)
    answer = parse_body(text_reply(push, f"x{text}x", 1).encode())
    assert answer == {"ToUserName": "o-follower", "FromUserName": "gh_account", "CreateTime": "1", "MsgType": "text",
                      "Content": drop_invisible(f"x{text}x")}  # fmt: skip


# What they say


@pytest.mark.parametrize(
    "nothing", ["\x0b", "\x00", "\x1f", "\ufffe", "\u200b", "&#11;", "&#x1F;", "&#xFFFE;", "&#1114112;"]
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_cannot_be_seen_does_not_lose_a_message(nothing: str, as_json: bool) -> None:
    fields = {**TEXT, "Content": f"配电箱{nothing}敞开", "Label": f"东{nothing}门"}
    body = json.dumps(fields, ensure_ascii=False) if as_json else xml(fields)
    text = read_push(parse_body(body.encode())).text
    assert "".join(text.replace(nothing, "").split()) == "配电箱敞开"


@pytest.mark.parametrize("nothing", ["\x0b", "\x00", "\x1f"])
def test_a_raw_control_character_does_not_lose_a_message_in_json(nothing: str) -> None:
    body = json.dumps({**TEXT, "Content": "配电箱|敞开"}, ensure_ascii=False).replace("|", nothing)
    assert "".join(read_push(parse_body(body.encode())).text.split()) == "配电箱敞开"


def test_bytes_that_are_no_text_do_not_lose_a_message() -> None:
    body = xml(TEXT).encode().replace("配".encode(), b"\xed\xa0\xbd")
    assert "电箱门坏了" in read_push(parse_body(body)).text


def test_deliveries_of_one_message_have_one_key_and_other_messages_another() -> None:
    same = read_push({**TEXT, "CreateTime": 1714036509})  # WeChat's id decides where there is one
    assert read_push(TEXT).key == same.key
    assert read_push({**TEXT, "MsgId": 5}).key != same.key
    click = {**TEXT, "MsgType": "event", "Event": "CLICK", "EventKey": "HELP"}
    del click["MsgId"]
    keys = [
        read_push({**click, **change}).key
        for change in ({}, {"EventKey": "MINE"}, {"CreateTime": 1}, {"Event": "VIEW"})
    ]
    assert len(set(keys)) == 4
    assert read_push(click).key == keys[0]


def test_x_is_the_latitude() -> None:
    point = read_push(
        {**TEXT, "MsgType": "location", "Location_X": "36.06", "Location_Y": "120.38", "Label": "市南区\n某路"}
    ).point
    assert point is not None
    assert (point.latitude, point.longitude, point.label) == (36.06, 120.38, "市南区 某路")


@pytest.mark.parametrize("odd", ["91", "nan", "inf", "", "x", "1e400"])
def test_a_place_that_is_nowhere_is_left_out(odd: str) -> None:
    assert read_push({**TEXT, "MsgType": "location", "Location_X": odd, "Location_Y": "1"}).point is None


def test_scenes_of_followers_and_of_those_who_follow_by_the_code() -> None:
    event = {**TEXT, "MsgType": "event"}
    assert read_push({**event, "Event": "SCAN", "EventKey": "e=ABCD2345"}).scene == "e=ABCD2345"
    assert read_push({**event, "Event": "subscribe", "EventKey": "qrscene_e=ABCD2345"}).scene == "e=ABCD2345"
    assert read_push({**event, "Event": "subscribe", "EventKey": ""}).scene == ""
    assert read_push({**event, "Event": "CLICK", "EventKey": "HELP"}).scene == ""


CHECK: dict[str, Any] = {**TEXT, "MsgType": "event", "Event": "wxa_media_check", "trace_id": "t-1", "version": 2}
PASS = {"suggest": "pass", "label": 100}


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"errcode": 0, "result": PASS}, MediaChecked("t-1", 0, "pass", 100)),
        ({"errcode": "0", "result": {"suggest": "risky", "label": "20002"}}, MediaChecked("t-1", 0, "risky", 20002)),
        ({"result": {"suggest": "review", "label": "21000"}}, MediaChecked("t-1", 0, "review", 21000)),
        ({"errcode": 0, "result": PASS, "detail": {"label": 100}}, MediaChecked("t-1", 0, "pass", 100)),
        ({"errcode": 0, "result": PASS, "detail": [{"a": 1}, {"a": 2}]}, MediaChecked("t-1", 0, "pass", 100)),
        ({"errcode": -1008, "result": {}}, MediaChecked("t-1", -1008, "", 0)),
        ({"errcode": 0, "result": {"suggest": "maybe", "label": []}}, MediaChecked("t-1", 0, "", 0)),
        ({"isrisky": 1, "status_code": 0}, MediaChecked("t-1", 0, "risky", 21000)),
        ({"isrisky": 0, "status_code": 4294966288}, MediaChecked("t-1", -1008, "pass", 100)),
        ({}, MediaChecked("t-1", -1, "", 0)),
        ({"trace_id": "", "result": PASS}, None),
    ],
)  # fmt: skip
def test_verdicts_on_pictures_in_every_shape_that_was_seen(fields: dict[str, Any], wanted: MediaChecked | None) -> None:
    assert read_push({**CHECK, **fields}).media_checked == wanted
    if isinstance(fields.get("result", PASS), dict) and fields.get("result") != {}:
        assert read_push(parse_body(xml({**CHECK, **fields}).encode())).media_checked == wanted
