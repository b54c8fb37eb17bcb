"""The code as a picture for the screen: WeChat's own where it is configured, else a link to the H5 page."""

import base64
from dataclasses import dataclass
from urllib.parse import quote

import segno
import structlog

from server.core.errors import AppError
from server.unions.scans.codes.scenes import SCAN_PAGE, scan_scene
from server.wechat.gateway import WechatGateway

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class CodePicture:
    """`data` is a data: address of the picture; `is_wechat` says whether only WeChat can read it."""

    data: str
    is_wechat: bool


def draw_scan_code(code: str, gateway: WechatGateway, site: str) -> CodePicture:
    """The picture. May ask WeChat: call it outside of any transaction. On WeChat's bad days it is the link."""
    if gateway.is_configured:
        try:
            content = gateway.unlimited_code(scan_scene(code), SCAN_PAGE)
        except AppError as error:
            log.warning("scan_code_not_from_wechat", error=error.code)
        else:
            kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
            return CodePicture(f"data:image/{kind};base64,{base64.b64encode(content).decode()}", is_wechat=True)
    link = f"{site.rstrip('/')}/h5/#/{SCAN_PAGE}?scene={quote(scan_scene(code), safe='')}"
    return CodePicture(segno.make(link, error="m").svg_data_uri(scale=4, border=2, dark="#1b2733"), is_wechat=False)
