"""The store that the settings ask for."""

from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.storage.files import FileStore


def open_store(settings: Settings) -> ObjectStore:
    """Makes no connection yet; boto3 is loaded only where it is used, it weighs 30 MB."""
    if settings.object_store == "files":
        return FileStore(settings.data_dir / "objects")
    from server.core.storage.s3 import S3Store

    return S3Store(settings)
