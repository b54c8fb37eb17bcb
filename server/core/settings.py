"""Settings: read from the environment only (prefix `SUISHOUPAI_`), validated once at start."""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.core.web.messages import explain

PREFIX = "SUISHOUPAI_"
FEWEST_CHARACTERS = 8
"""Different ones in the secret key: of 32 random hexadecimal digits next to none hold fewer."""
REPOSITORY = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """The environment does not describe a service that can start; the text says what to mend."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`, a name or an address."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """Everything an operator can set. Sizes in bytes, durations as named."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    secret_key: Annotated[SecretStr, Field(description="至少 32 个字符的随机串，用于签名")]
    secret_key_previous: SecretStr = Field(SecretStr(""), description="换密钥时，刚换下的那一个：只用来读旧密文")
    data_dir: Path = Path("var")
    database_url: str = Field("", description="留空则用 data_dir 下的 SQLite；或 postgresql+psycopg://…")
    public_url: str = Field("", description="用户打开的网址，如 https://ssp.example.org；只在本机用才可留空")
    allowed_hosts: str = Field("", description="还可以用哪些域名或地址打开，逗号分隔；public_url 里的不用再写")
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0

    object_store: Literal["files", "s3"] = "files"
    s3_endpoint_url: str = ""
    s3_region: str = "us-east-1"
    s3_bucket: str = ""
    s3_access_key: str = ""
    s3_secret_key: SecretStr = SecretStr("")
    s3_addressing_style: Literal["virtual", "path"] = "virtual"

    redis_url: str = Field("", description="留空则任务唤醒用 SQLite，限流在进程内")

    rate_limits: bool = True
    day_reports: Annotated[int, Field(gt=0)] = 100  # that one person may send in 24 hours; the same below
    day_suggestions: Annotated[int, Field(gt=0)] = 20
    day_proposals: Annotated[int, Field(gt=0)] = 40
    day_review_proposals: Annotated[int, Field(gt=0)] = 300
    day_follows: Annotated[int, Field(gt=0)] = 200
    day_photos: Annotated[int, Field(gt=0)] = 900
    day_photo_megabytes: Annotated[int, Field(gt=0)] = 3000
    day_files: Annotated[int, Field(gt=0)] = 1000
    day_file_megabytes: Annotated[int, Field(gt=0)] = 3000

    organisation_name: str = Field("本市总工会", description="隐私说明里的单位名称")
    privacy_contact: str = Field("请联系你所在单位的工会", description="隐私说明里的联系方式")
    complaints_contact: str = Field(
        "", description="“投诉建议”的联系方式，显示在职工端和管理端；不填用隐私说明里的联系方式"
    )
    filing_number: str = Field("", max_length=60, description="备案号，显示在职工端和管理端的页脚；不填就不显示")

    demo_sign_in: bool = Field(False, description="演示登录，只在本机回环地址有效")
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_oauth_url: str = "https://open.weixin.qq.com"  # whose page recognises visitors within WeChat
    wechat_push_token: SecretStr = Field(SecretStr(""), description="小程序“消息推送”里的 Token；留空则不接收")
    wechat_push_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey；设了就只收加密的消息")
    wechat_push_aes_key_previous: SecretStr = Field(SecretStr(""), description="换密钥时，刚换下的那一个")
    official_account_app_id: str = ""
    official_account_app_secret: SecretStr = SecretStr("")
    official_account_token: SecretStr = Field(SecretStr(""), description="公众号“服务器配置”里的 Token；留空则不接收")
    official_account_aes_key: SecretStr = Field(SecretStr(""), description="EncodingAESKey；设了就只收加密的消息")
    official_account_aes_key_previous: SecretStr = Field(SecretStr(""), description="换密钥时，刚换下的那一个")
    official_account_draft_minutes: Annotated[int, Field(gt=0, le=1440)] = 30  # in which messages join one draft
    official_account_draft_days: Annotated[int, Field(gt=0, le=30)] = 3  # after which a draft nobody sent is deleted
    sms_provider: Literal["off", "log", "https"] = "off"  # log: written to the log, for the demo only
    sms_url: str = Field("", description="sms_provider=https 时，把验证码交给哪个网址")
    sms_secret: SecretStr = Field(SecretStr(""), description="与短信网关约好的签名密钥，至少 32 个字符")
    vision_url: str = Field("", description="看照片提建议的服务（OpenAI 兼容的 …/chat/completions）；留空则关闭")
    vision_key: SecretStr = Field(SecretStr(""), description="这个服务的密钥；没有就留空")
    vision_model: str = Field("", description="用哪个模型，要能看图")
    vision_name: str = Field("", description="谁提供，职工点之前和隐私说明里看到的名字")
    vision_for_review: bool = Field(False, description="审核员也可以请它为隐患拟等级和答复；单独的开关")
    quiet_from_hour: Annotated[int, Field(ge=0, le=23)] = 21  # no subscribe messages from here …
    quiet_until_hour: Annotated[int, Field(ge=0, le=23)] = 8  # … until here, China time; equal: at any hour
    digest_hour: Annotated[int, Field(ge=0, le=23)] = 8  # when reviewers are told what waits, China time

    photo_max_bytes: Annotated[int, Field(gt=0)] = 20 * 1024 * 1024
    photo_max_pixels: Annotated[int, Field(gt=0)] = 100_000_000
    photo_decode_bytes: Annotated[int, Field(ge=64 * 1024 * 1024)] = 1024 * 1024 * 1024  # memory to open one photo
    video_max_bytes: Annotated[int, Field(gt=0)] = 20 * 1024 * 1024  # of fifteen seconds; phones make 2 to 20 MB
    file_max_bytes: Annotated[int, Field(gt=0)] = 20 * 1024 * 1024  # of what a slice lets in besides photos
    photo_link_minutes: Annotated[int, Field(gt=0, le=1440)] = 15
    incomplete_hours: Annotated[int, Field(gt=0)] = 72

    worker_token_days: Annotated[int, Field(gt=0)] = 30
    console_session_hours: Annotated[int, Field(gt=0)] = 12
    console_idle_minutes: Annotated[int, Field(ge=10)] = 60  # a reviewer's session not used for so long ends
    second_factor_roles: str = Field(
        "", description="哪些角色必须开动态验证码，逗号分隔，如 admin,city_reviewer；留空则由各人自己决定"
    )
    one_time_password_days: Annotated[int, Field(gt=0, le=90)] = 7  # after which one that nobody replaced is no good
    claim_minutes: Annotated[int, Field(gt=0)] = 15
    announce_seconds: Annotated[int, Field(ge=0, le=600)] = 60  # a decision is told when it can't be undone by one key
    claim_idle_minutes: Annotated[int, Field(gt=0)] = 3  # of what is only open: the page renews it while one is at it
    first_answer_working_days: Annotated[int, Field(gt=0)] = 3
    escalation_working_days: Annotated[int, Field(gt=0, le=60)] = 2  # before what is overdue climbs another level
    reopen_days: Annotated[int, Field(gt=0)] = 30  # how long the reporter may say that it was not put right

    map_tiles_url: str = Field(
        "",
        description="地图瓦片的网址，如 https://tiles.example.org/{z}/{x}/{y}.png；"
        "留空则管理端的地图是一张白底方格，职工端没有地图",
    )
    map_tiles_datum: Literal["gcj02", "wgs84"] = "gcj02"  # of the tiles: most Chinese maps have GCJ-02
    map_tiles_name: str = Field("", max_length=40, description="地图由谁提供，隐私说明里看到的名字；留空则写它的域名")
    map_tiles_credit: str = Field("", max_length=100, description="地图下面的版权和审图号，照提供方的要求写")

    font: str = Field("", description="证书用的中文字体文件；留空则找系统里装好的")
    soffice: str = Field("soffice", description="LibreOffice 的命令，用来生成 PDF；没有就只有 docx")

    job_lease_seconds: Annotated[float, Field(gt=0)] = 60.0
    job_sweep_seconds: Annotated[float, Field(gt=0)] = 10.0
    worker_threads: Annotated[int, Field(gt=0, le=64)] = 2
    worker_niceness: Annotated[int, Field(ge=0, le=19)] = 10  # of what reads files for it, so that requests go first

    web_workers: Annotated[int, Field(gt=0, le=64)] = 2
    web_threads: Annotated[int, Field(gt=0, le=500)] = 80
    web_silence_seconds: Annotated[float, Field(gt=0)] = 60.0  # a connection that does nothing for so long is given up
    web_request_seconds: Annotated[float, Field(gt=0)] = 20.0  # in which head and small body must be here, and …
    web_slowest_bytes: Annotated[float, Field(gt=0)] = 2048.0  # … how many a second more must move after that
    web_transfer_seconds: Annotated[float, Field(gt=0)] = 600.0  # the longest that any body may take
    web_spool_bytes: Annotated[int, Field(ge=0)] = 512 * 1024 * 1024  # of large bodies under way, in each process
    web_address_connections: Annotated[int, Field(ge=0)] = 1000  # of one address, in each process; 0: as many as come
    metrics_token: SecretStr = Field(SecretStr(""), description="留空则 /metrics 只在本机回环地址可读")

    h5_dir: Path = REPOSITORY / "miniprogram" / "dist" / "build" / "h5"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"

    @field_validator("secret_key")
    @classmethod
    def _secret_is_long(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret) < 32:
            raise ValueError("至少要 32 个字符")
        if len(set(secret)) < FEWEST_CHARACTERS:
            raise ValueError("太简单，请用随机串，如 openssl rand -base64 48 的输出")
        return value

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        if self.object_store == "s3":
            missing = [name for name in ("s3_bucket", "s3_access_key") if not getattr(self, name)]
            if not self.s3_secret_key.get_secret_value():
                missing.append("s3_secret_key")
            if missing:
                raise ValueError("object_store=s3 时必须设置 " + "、".join(PREFIX + name.upper() for name in missing))
        if bool(self.wechat_app_id) != bool(self.wechat_app_secret.get_secret_value()):
            raise ValueError("wechat_app_id 与 wechat_app_secret 要一起设置")
        return self

    @model_validator(mode="after")
    def _doors_for_pushes_are_whole(self) -> Self:
        if self.official_account_token.get_secret_value() and not self.public_url:
            raise ValueError("设置了 official_account_token，就要设置 public_url：聊天里的链接要写全网址")
        if bool(self.official_account_app_id) != bool(self.official_account_app_secret.get_secret_value()):
            raise ValueError("official_account_app_id 与 official_account_app_secret 要一起设置")
        for door, app_id in (("wechat_push", self.wechat_app_id), ("official_account", self.official_account_app_id)):
            token, key, previous = (
                getattr(self, f"{door}_{part}").get_secret_value() for part in ("token", "aes_key", "aes_key_previous")
            )
            if token and not re.fullmatch(r"[0-9A-Za-z]{3,32}", token):
                raise ValueError(f"{door}_token 要是 3 到 32 个英文字母或数字")
            if any(one and not re.fullmatch(r"[0-9A-Za-z]{43}", one) for one in (key, previous)):
                raise ValueError(f"{door}_aes_key 要是 43 个英文字母或数字")
            if (token and not app_id) or (key and not token) or (previous and not key):
                raise ValueError(f"{door} 的 AppID、token、aes_key、aes_key_previous 要依次设置")
        return self

    @model_validator(mode="after")
    def _sms_provider_is_whole(self) -> Self:
        if self.sms_provider == "log" and not self.demo_sign_in:
            raise ValueError("sms_provider=log 只供演示：要同时打开 demo_sign_in")
        if self.sms_provider != "https":
            return self
        address = urlsplit(self.sms_url)
        here = address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost", "::1")
        if not address.hostname or not (address.scheme == "https" or here):
            raise ValueError("sms_provider=https 时，sms_url 要是 https:// 开头的网址")
        if len(self.sms_secret.get_secret_value()) < 32:
            raise ValueError("sms_provider=https 时，sms_secret 至少要 32 个字符")
        return self

    @model_validator(mode="after")
    def _vision_is_whole(self) -> Self:
        if not self.vision_url:
            if self.vision_for_review:
                raise ValueError("打开 vision_for_review，就要设置 vision_url：由谁来拟")
            return self
        address = urlsplit(self.vision_url)
        here = address.scheme == "http" and bool(address.hostname) and is_loopback(address.hostname or "")
        if not address.hostname or not (address.scheme == "https" or here):
            raise ValueError("vision_url 要是 https:// 开头的网址（只在本机上可以用 http）")
        if not (self.vision_model.strip() and self.vision_name.strip()):
            raise ValueError("设置了 vision_url，就要设置 vision_model 和 vision_name：职工要知道照片给谁看")
        return self

    @field_validator("public_url")
    @classmethod
    def _public_url_is_whole(cls, value: str) -> str:
        address = urlsplit(value)
        if value and (address.scheme not in ("http", "https") or not address.hostname):
            raise ValueError("要写全，如 https://ssp.example.org")
        return value

    @property
    def hosts(self) -> list[str]:
        """Names under which the service is opened, besides this machine's own."""
        named = [each.strip() for each in self.allowed_hosts.split(",") if each.strip()]
        return [*filter(None, [urlsplit(self.public_url).hostname]), *named]

    def require_names(self, address: str) -> None:
        """Raises SettingsError if others could reach the service at `address` and nobody said under which name."""
        if not self.hosts and not is_loopback(address):
            raise SettingsError(
                f"在 {address} 上别人也能连进来：请设置 {PREFIX}PUBLIC_URL（用户打开的网址），"
                f"或者 {PREFIX}ALLOWED_HOSTS（可以用的域名或地址，逗号分隔）。"
            )

    @property
    def sqlalchemy_url(self) -> str:
        """The database to use: the one named, else SQLite in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'suishoupai.db'}"

    @field_validator("map_tiles_url")
    @classmethod
    def _map_tiles_url_is_whole(cls, value: str) -> str:
        if not value:
            return value
        address = urlsplit(value)
        here = address.scheme == "http" and is_loopback(address.hostname or "")
        if not (address.scheme == "https" or here) or not re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", address.netloc):
            raise ValueError("要以 https:// 开头，写明一个域名（只在本机上可以用 http）")
        if sorted(re.findall(r"\{.*?\}", value)) != ["{x}", "{y}", "{z}"]:
            raise ValueError("要带 {z}、{x}、{y}，各一个，没有别的 {…}")
        return value

    @property
    def map_origin(self) -> str | None:
        """Where browsers fetch the tiles of maps from; None where there are none."""
        address = urlsplit(self.map_tiles_url)
        return f"{address.scheme}://{address.netloc}" if address.netloc else None

    @property
    def upload_max_bytes(self) -> int:
        """The largest file that anybody may send."""
        return max(self.photo_max_bytes, self.video_max_bytes, self.file_max_bytes)

    @property
    def map_provider(self) -> str:
        """Who sees which part of the map is looked at: empty if that is nobody but whoever runs the service."""
        host = urlsplit(self.map_tiles_url).hostname or ""
        return "" if host in self.hosts else self.map_tiles_name.strip() or host

    @property
    def photo_origin(self) -> str | None:
        """Where browsers fetch photos from, when that is not this service: the origin of the S3 store's links."""
        if self.object_store != "s3":
            return None
        address = urlsplit(self.s3_endpoint_url or f"https://s3.{self.s3_region}.amazonaws.com")
        host = f"{self.s3_bucket}.{address.netloc}" if self.s3_addressing_style == "virtual" else address.netloc
        return f"{address.scheme}://{host}"

    @property
    def is_sqlite(self) -> bool:
        return not self.database_url or self.database_url.startswith("sqlite")  # asked often: looks at no folder


def load_settings() -> Settings:
    """Settings from the environment. Raises SettingsError with one readable line per mistake."""
    try:
        return Settings()  # pydantic-settings fills the required fields from the environment
    except ValidationError as error:
        lines = [
            f"  {PREFIX}{'_'.join(str(part) for part in item['loc']).upper() or '…'}: {explain(item)}"
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise SettingsError("配置有误，服务没有启动：\n" + "\n".join(lines)) from error
