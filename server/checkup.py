"""`suishoupai wechat check`: what is missing or wrong between this service and WeChat, in plain words."""

import hashlib
import secrets
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests

from server.core import clock
from server.core.db import Database
from server.core.ops.checks import Finding
from server.core.settings import Settings
from server.kit.occasions import Occasion
from server.notifications.subscribe.message_templates.occasions import OCCASION_NAMES
from server.notifications.subscribe.queries import list_templates
from server.wechat.gateway import WechatGateway
from server.wechat.outcomes import WechatRefused, WechatSilent

SECONDS = 10
AES_KEY_LENGTH = 43
ORGANISATION = "本市总工会"
MEANINGS = {
    40013: "AppID 不对，请到微信公众平台核对",
    40125: "AppSecret 不对，或已被重置",
    40164: "这台服务器的公网地址不在 IP 白名单里：在“开发管理 → 开发设置 → IP 白名单”里加上",
    40243: "AppSecret 被冻结，请在微信公众平台解冻",
    41002: "没有 AppID",
    41004: "没有 AppSecret",
    45009: "今天调用微信的次数用完了，明天再试",
    48001: "没有开通这个接口：账号要认证，并在“功能”里开通订阅消息",
    50002: "账号受限，请登录微信公众平台查看",
    50007: "账号被冻结，请登录微信公众平台查看",
    89503: "服务器地址要管理员在微信里确认",
    89506: "服务器地址被管理员拒绝",
    89507: "服务器地址被管理员拒绝，一小时后才能再试",
}


def examine(settings: Settings, database: Database) -> Iterator[Finding]:
    """Look at one part after the other. Asks WeChat and this service's own public address."""
    reachable = yield from _public_url(settings)
    mini_program = WechatGateway.from_settings(settings, database)
    if not mini_program.is_configured:
        yield Finding("小程序", False, "没有设置 SUISHOUPAI_WECHAT_APP_ID 和 SUISHOUPAI_WECHAT_APP_SECRET")
    elif (yield from _access("小程序", mini_program)):
        yield from _templates(mini_program, database)
    yield from _push(
        "小程序消息推送", "SUISHOUPAI_WECHAT_PUSH_", "/wechat/mini-program",
        settings.wechat_push_token.get_secret_value(), settings.wechat_push_aes_key.get_secret_value(), settings,
        reachable=reachable,
    )  # fmt: skip
    account = WechatGateway.of_official_account(settings, database)
    if account.is_configured:
        yield from _access("公众号", account)
        yield from _push(
            "公众号服务器配置", "SUISHOUPAI_OFFICIAL_ACCOUNT_", "/wechat/official-account",
            settings.official_account_token.get_secret_value(), settings.official_account_aes_key.get_secret_value(),
            settings, reachable=reachable,
        )  # fmt: skip
    named = settings.organisation_name != ORGANISATION
    missing = "请设置 SUISHOUPAI_ORGANISATION_NAME 和 SUISHOUPAI_PRIVACY_CONTACT"
    yield Finding("隐私说明", named, "单位名称和联系方式已设置" if named else missing)


def _public_url(settings: Settings) -> Generator[Finding, None, bool]:
    name, address = "对外网址", urlsplit(settings.public_url)
    if not settings.public_url:
        yield Finding(name, False, "没有设置 SUISHOUPAI_PUBLIC_URL：微信取不到照片，照片不能检查")
        return False
    fault = None
    if address.scheme != "https":
        fault = "微信只接受 https 的网址"
    elif _is_bare(address.hostname or ""):
        fault = "微信只接受备案过的域名，不能是 IP 或 localhost"
    elif address.port not in (None, 443):
        fault = "微信的消息推送只用 443 端口"
    try:
        status = requests.get(settings.public_url.rstrip("/") + "/healthz", timeout=SECONDS).status_code
        unreachable = "" if status == 200 else f"打开 {settings.public_url}/healthz 得到 {status}，应该是 200"
    except requests.exceptions.SSLError:
        unreachable = "证书不对或不完整，微信会拒绝"
    except requests.RequestException as error:
        unreachable = f"打不开 {settings.public_url}（{type(error).__name__}）"
    trouble = "；".join(filter(None, (fault, unreachable)))
    yield Finding(name, not trouble, trouble or f"{settings.public_url} 可以打开")
    return not unreachable


def _is_bare(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." not in host
    return True


def _access(name: str, gateway: WechatGateway) -> Generator[Finding, None, bool]:
    """Whether WeChat lets us in."""
    try:
        gateway.check_access()
    except (WechatRefused, WechatSilent) as error:
        yield Finding(name, False, _words(error))
        return False
    yield Finding(name, True, f"{gateway.app_id} 能取得访问凭证")
    return True


def _templates(gateway: WechatGateway, database: Database) -> Iterator[Finding]:
    """Whether each occasion has a template, and WeChat knows it."""
    try:
        known = gateway.list_templates()
    except (WechatRefused, WechatSilent) as error:
        yield Finding("订阅消息模板", False, _words(error))
        return
    with database.reading() as session:
        kept = list_templates(session)
    for occasion in Occasion:
        name, template = f"模板“{OCCASION_NAMES[occasion]}”", kept.get(occasion)
        if template is None or not template.is_active:
            yield Finding(name, False, "没有设置或没有启用：在管理端“消息模板”里填写")
        elif template.template_id not in known:
            yield Finding(name, False, f"微信里没有编号 {template.template_id}：到“订阅消息 → 我的模板”核对")
        else:
            missing = sorted({field["key"] for field in template.fields} - known[template.template_id])
            fault = f"字段 {'、'.join(missing)} 不在这个模板里"
            yield Finding(name, not missing, fault if missing else "微信里有这个模板")


def _push(
    name: str, prefix: str, path: str, token: str, aes_key: str, settings: Settings, *, reachable: bool
) -> Iterator[Finding]:
    """Whether our door answers WeChat's check of the address."""
    if not token:
        yield Finding(name, False, f"没有设置 {prefix}TOKEN：收不到照片检查结果和消息")
        return
    if not aes_key:
        yield Finding(name, False, f"没有设置 {prefix}AES_KEY：请在微信里选“安全模式”")
    elif len(aes_key) != AES_KEY_LENGTH:
        yield Finding(name, False, f"{prefix}AES_KEY 应是 {AES_KEY_LENGTH} 个字符，现在是 {len(aes_key)} 个")
    if not reachable:
        yield Finding(name, False, "对外网址打不开，微信也就推不进来")
        return
    stamp, nonce, echo = str(int(clock.now().timestamp())), secrets.token_hex(5), secrets.token_hex(8)
    signature = hashlib.sha1("".join(sorted((token, stamp, nonce))).encode()).hexdigest()  # noqa: S324  (WeChat's)
    query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}
    url = settings.public_url.rstrip("/") + path
    try:
        answer = requests.get(url, params=query, timeout=SECONDS)
        well = answer.status_code == 200 and answer.text == echo
        fault = f"{url} 应答不对（{answer.status_code}）：服务要用同样的设置重新启动"
        yield Finding(name, well, f"{url} 应答正常" if well else fault)
    except requests.RequestException as error:
        yield Finding(name, False, f"{url} 打不开（{type(error).__name__}）")


def _words(error: WechatRefused | WechatSilent) -> str:
    if isinstance(error, WechatSilent):
        return f"连不上微信（{error.why}）：检查服务器能不能访问 api.weixin.qq.com"
    return MEANINGS.get(error.errcode, f"微信拒绝，错误码 {error.errcode}")
