"""Objects in a bucket behind any S3 API: Tencent COS, Aliyun OSS, MinIO, SeaweedFS, AWS."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from urllib3.exceptions import HTTPError

from server.core.breaker import Breaker, NotAsked
from server.core.ids import new_id
from server.core.settings import Settings
from server.core.storage.base import ObjectMissing, StorageError, StoredObject, checked_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECT_SECONDS, READ_SECONDS = 2, 8
OPEN_SECONDS = 10.0  # after several calls without an answer, until one tries again
GONE = (BotoCoreError, HTTPClientError, HTTPError, OSError)  # there was no answer, or not all of it
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
CACHE_CONTROL = "private, max-age=86400"  # objects never change under their key; the link's end limits it


def client_config(settings: Settings) -> Config:
    """What COS and OSS need (signature, addressing, no streaming checksums), and an end to every wait."""
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": settings.s3_addressing_style},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=50,
    )


class S3Store:
    """The scaled-out store. Browsers fetch from the bucket by presigned links; the service never passes photos on."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.staging = settings.data_dir.absolute() / "staging"
        self._lock = Lock()
        self._client: S3Client | None = None
        # Beside them enough threads are left for those who look at pages, however many phones send photos.
        self._breaker = Breaker(at_once=max(4, settings.web_threads * 6 // 10), open_seconds=OPEN_SECONDS)
        self._origin = str(settings.photo_origin)
        self._host = self._origin.partition("://")[2]
        self._folder = f"/{settings.s3_bucket}/" if settings.s3_addressing_style == "path" else "/"

    @property
    def client(self) -> "S3Client":
        """Made at first use, in the process that uses it; boto3's clients may be shared between threads."""
        if self._client is None:
            with self._lock:
                if self._client is None:
                    self._client = self._make_client()
        return self._client

    def _make_client(self) -> "S3Client":
        return boto3.client(
            "s3",
            endpoint_url=self.settings.s3_endpoint_url or None,
            region_name=self.settings.s3_region,
            aws_access_key_id=self.settings.s3_access_key,
            aws_secret_access_key=self.settings.s3_secret_key.get_secret_value(),
            config=client_config(self.settings),
        )

    def put_file(self, key: str, source: Path, media_type: str) -> None:
        """One PUT of the whole file, then the file is removed."""
        try:
            file = source.open("rb")
        except OSError as error:
            raise StorageError from error
        with file:
            self._put(key, file, media_type)
        source.unlink(missing_ok=True)

    def put_bytes(self, key: str, content: bytes, media_type: str) -> None:
        self._put(key, content, media_type)

    def _put(self, key: str, body: bytes | IO[bytes], media_type: str) -> None:
        with self._asking():
            self.client.put_object(
                Bucket=self.settings.s3_bucket,
                Key=checked_key(key),
                Body=body,
                ContentType=media_type,
                CacheControl=CACHE_CONTROL,
                ContentDisposition="inline",
            )

    def open(self, key: str) -> BinaryIO:
        with self._asking():
            answer = self.client.get_object(Bucket=self.settings.s3_bucket, Key=checked_key(key))
        return cast(BinaryIO, _Body(answer["Body"]))

    def exists(self, key: str) -> bool:
        try:
            with self._asking():
                self.client.head_object(Bucket=self.settings.s3_bucket, Key=checked_key(key))
        except ObjectMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """One by one: the multi-object call needs a checksum header that COS and OSS do not take."""
        with self._asking():
            self.client.delete_object(Bucket=self.settings.s3_bucket, Key=checked_key(key))

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        with self._asking():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.settings.s3_bucket, Prefix=prefix)
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield StoredObject(entry["Key"], entry["LastModified"])

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """One call, unless nobody should wait for the bucket now."""
        try:
            with _translated(), self._breaker.call(*GONE):
                yield
        except NotAsked as error:
            raise StorageError from error

    def local_path(self, key: str) -> Path | None:
        return None

    def signed_url(self, key: str, starts: datetime, ends: datetime) -> str | None:
        """A presigned GET (AWS Signature Version 4, query parameters).

        Made here because boto3 dates its links by the clock, so that no two are equal and browsers never find a picture
        in their cache; and because it takes thirty times as long, for every thumbnail of a page.
        """
        stamp, seconds = starts.strftime("%Y%m%dT%H%M%SZ"), int((ends - starts).total_seconds())
        scope = f"{stamp[:8]}/{self.settings.s3_region}/s3/aws4_request"
        credential = quote(f"{self.settings.s3_access_key}/{scope}", safe="")
        query = (
            f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={stamp}"
            f"&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host"
        )
        path = self._folder + checked_key(key)  # keys have no characters that need escaping
        asked = f"GET\n{path}\n{query}\nhost:{self._host}\n\nhost\nUNSIGNED-PAYLOAD"
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
        secret = self.settings.s3_secret_key.get_secret_value()
        signing_key = _signing_key(secret, stamp[:8], self.settings.s3_region)
        return f"{self._origin}{path}?{query}&X-Amz-Signature={_hmac(signing_key, text).hex()}"

    def check(self) -> None:
        """Write a small object and remove it."""
        key = f"checks/{new_id()}"
        self.put_bytes(key, b"ok", "text/plain")
        self.delete(key)


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    """The key that signs for S3 in one region on one day."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)


class _Body:
    """An object on its way from the bucket; a broken connection shows as StorageError."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        with _translated():
            return cast(bytes, self._body.read(None if size < 0 else size))

    def close(self) -> None:
        self._body.close()

    def __enter__(self) -> "_Body":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _translated() -> Iterator[None]:
    """The client's complaints as ours."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING:
            raise ObjectMissing from error
        raise StorageError from error
    except GONE as error:
        raise StorageError from error
