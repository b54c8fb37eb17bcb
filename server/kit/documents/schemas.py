"""Shapes of links to documents."""

from uuid import UUID

from server.core.web.schemas import Out, SignedQuery


class PaperOut(Out):
    """A file of a document. `title`: what its button says, `name`: what it is saved as."""

    title: str
    name: str
    url: str


class PaperQuery(SignedQuery):
    """A signed link, and whom it was given to."""

    p: UUID
