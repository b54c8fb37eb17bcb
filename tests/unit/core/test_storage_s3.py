"""The S3 client is set up as COS and OSS need it; a plain-HTTP test server would not notice."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from time_machine import TimeMachineFixture

from server.core.settings import Settings
from server.core.storage.base import StorageError
from server.core.storage.s3 import S3Store, client_config
from tests.support.databases import SECRET

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def make_settings(folder: Path, **changes: str) -> Settings:
    values = {
        "object_store": "s3", "s3_bucket": "photos-125", "s3_access_key": "AKID",
        "s3_endpoint_url": "https://cos.ap-shanghai.myqcloud.com", "s3_region": "ap-shanghai", **changes,
    }  # fmt: skip
    return Settings(secret_key=SecretStr(SECRET), data_dir=folder, s3_secret_key=SecretStr("s"), **values)  # type: ignore[arg-type]  # pydantic parses


def test_the_client_signs_and_addresses_as_cos_and_oss_need_it(tmp_path: Path) -> None:
    config: Any = client_config(make_settings(tmp_path))
    assert config.signature_version == "s3v4"
    assert config.s3 == {"addressing_style": "virtual"}
    assert config.request_checksum_calculation == "when_required"
    assert config.response_checksum_validation == "when_required"


def test_every_wait_for_the_store_ends(tmp_path: Path) -> None:
    config: Any = client_config(make_settings(tmp_path))
    assert (config.connect_timeout, config.read_timeout) == (2, 8)
    assert config.retries == {"mode": "standard", "total_max_attempts": 2}


def test_a_put_over_https_has_a_plain_body_and_no_checksum_headers(tmp_path: Path) -> None:
    store = S3Store(make_settings(tmp_path))
    sent: list[Any] = []

    def capture(request: Any, **_: Any) -> None:
        sent.append(request)
        raise ConnectionAbortedError

    store.client.meta.events.register("before-send.s3.PutObject", capture)
    with pytest.raises(StorageError):
        store.put_bytes("photos/3f/x.display", b"picture", "image/jpeg")
    headers = {name.lower(): value for name, value in sent[0].headers.items()}
    assert sent[0].url == "https://photos-125.cos.ap-shanghai.myqcloud.com/photos/3f/x.display"
    assert headers["content-length"] == "7"
    assert not [name for name in headers if "checksum" in name or "trailer" in name or name == "content-encoding"]
    assert b"STREAMING" not in headers["x-amz-content-sha256"]


ADDRESSES = [
    ("virtual", "https://cos.ap-shanghai.myqcloud.com", "https://photos-125.cos.ap-shanghai.myqcloud.com"),
    ("path", "http://127.0.0.1:8333", "http://127.0.0.1:8333/photos-125"),
]


@pytest.mark.parametrize(("style", "endpoint", "address"), ADDRESSES, ids=["virtual", "path"])
def test_a_link_is_the_one_that_boto3_would_make_at_that_moment(
    tmp_path: Path, time_machine: TimeMachineFixture, style: str, endpoint: str, address: str
) -> None:
    store = S3Store(make_settings(tmp_path, s3_addressing_style=style, s3_endpoint_url=endpoint))
    time_machine.move_to(START, tick=False)
    key = "photos/3f/x.original.0-9_a"
    theirs = store.client.generate_presigned_url("get_object", {"Bucket": "photos-125", "Key": key}, ExpiresIn=900)
    ours = str(store.signed_url(key, START, START + timedelta(minutes=15)))
    assert ours.partition("?")[0] == theirs.partition("?")[0] == f"{address}/{key}"
    assert parse_qs(urlsplit(ours).query) == parse_qs(urlsplit(theirs).query)


def test_a_link_is_the_same_for_the_same_period(tmp_path: Path) -> None:
    store = S3Store(make_settings(tmp_path))
    ends = START + timedelta(minutes=15)
    link = str(store.signed_url("photos/3f/x.display", START, ends))
    query = parse_qs(urlsplit(link).query)
    assert query["X-Amz-Date"] == ["20261123T080000Z"]
    assert query["X-Amz-Expires"] == ["900"]
    assert store.signed_url("photos/3f/x.display", START, ends) == link
    assert store.signed_url("photos/3f/y.display", START, ends) != link
