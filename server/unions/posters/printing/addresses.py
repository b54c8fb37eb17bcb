"""What the code on a poster says, and where the picture lies. Pure."""

from urllib.parse import quote
from uuid import UUID

BINDING_PAGE = "pages/profile/binding"


def invite_scene(invite_code: str) -> str:
    """The scene of a code that invites to an enterprise; the official account reads the same."""
    return f"e={invite_code}"


def invite_link(site: str, invite_code: str) -> str:
    """The page of the H5 side that a plain code opens."""
    return f"{site.rstrip('/')}/h5/#/{BINDING_PAGE}?scene={quote(invite_scene(invite_code), safe='')}"


def picture_key(union_id: UUID, invite_code: str) -> str:
    """Where a poster lies in the object store."""
    return f"posters/{union_id}/{invite_code.lower()}.png"
