"""Objects in a bucket behind any S3 API: Tencent COS, Aliyun OSS, MinIO, SeaweedFS, AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import boto3
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from urllib3.exceptions import HTTPError

from server.core.ids import new_id
from server.core.settings import Settings
from server.core.storage.base import ObjectMissing, StorageError, StoredObject, checked_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
CACHE_CONTROL = "private, max-age=86400"  # objects never change under their key; the link's end limits it


def client_config(settings: Settings) -> Config:
    """What COS and OSS need (signature, addressing, no streaming checksums), and an end to every wait."""
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": settings.s3_addressing_style},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=5,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=50,
    )


class S3Store:
    """The scaled-out store. Browsers fetch from the bucket by presigned links; the service never passes photos on."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.staging = settings.data_dir.absolute() / "staging"
        self._lock = Lock()
        self._client: S3Client | None = None
        self._credentials = Credentials(settings.s3_access_key, settings.s3_secret_key.get_secret_value())
        self._base = f"{settings.photo_origin}/"
        if settings.s3_addressing_style == "path":
            self._base += f"{settings.s3_bucket}/"

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
        with _translated():
            self.client.put_object(
                Bucket=self.settings.s3_bucket,
                Key=checked_key(key),
                Body=body,
                ContentType=media_type,
                CacheControl=CACHE_CONTROL,
                ContentDisposition="inline",
            )

    def open(self, key: str) -> BinaryIO:
        with _translated():
            answer = self.client.get_object(Bucket=self.settings.s3_bucket, Key=checked_key(key))
        return cast(BinaryIO, _Body(answer["Body"]))

    def exists(self, key: str) -> bool:
        try:
            with _translated():
                self.client.head_object(Bucket=self.settings.s3_bucket, Key=checked_key(key))
        except ObjectMissing:
            return False
        return True

    def delete(self, key: str) -> None:
        """One by one: the multi-object call needs a checksum header that COS and OSS do not take."""
        with _translated():
            self.client.delete_object(Bucket=self.settings.s3_bucket, Key=checked_key(key))

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        with _translated():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.settings.s3_bucket, Prefix=prefix)
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield StoredObject(entry["Key"], entry["LastModified"])

    def local_path(self, key: str) -> Path | None:
        return None

    def signed_url(self, key: str, starts: datetime, ends: datetime) -> str | None:
        """A presigned GET. Dated `starts` rather than now, so that the same link comes out and browsers can cache."""
        request = AWSRequest(method="GET", url=self._base + checked_key(key))
        lifetime = int((ends - starts).total_seconds())
        signer: Any = S3SigV4QueryAuth(self._credentials, "s3", self.settings.s3_region, expires=lifetime)
        # The steps of SigV4Auth.add_auth, which would take the time of the clock.
        request.context["timestamp"] = starts.strftime("%Y%m%dT%H%M%SZ")
        signer._modify_request_before_signing(request)
        text = signer.string_to_sign(request, signer.canonical_request(request))
        signer._inject_signature_to_request(request, signer.signature(text, request))
        return str(request.url)

    def check(self) -> None:
        """Write a small object and remove it."""
        key = f"checks/{new_id()}"
        self.put_bytes(key, b"ok", "text/plain")
        self.delete(key)


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
    except (BotoCoreError, HTTPClientError, HTTPError, OSError) as error:
        raise StorageError from error
