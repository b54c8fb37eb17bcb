"""Where the objects of files are kept: by the upload that brought them, so that copies of a row's files share them.

The last two hexadecimal digits of the random part of the id come first: they spread the objects over 256 folders, which
the sweep visits one by one.
"""

from uuid import UUID

from server.photos.pictures.keys import Variant

PREFIX = "files"


def object_key(object_id: UUID, variant: Variant = Variant.ORIGINAL) -> str:
    """Key of the bytes as they came, or of a picture made of them."""
    return f"{PREFIX}/{object_id.hex[-2:]}/{object_id}.{variant}"


def shard_prefix(shard: int) -> str:
    """What all keys of one of 256 folders start with."""
    return f"{PREFIX}/{shard:02x}/"
