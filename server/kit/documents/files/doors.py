"""The doors to the papers of a slice that has one per row: its Word file, its PDF, and having that made."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from server.core.errors import Conflict
from server.core.web.access import requires
from server.core.web.addresses import with_query
from server.core.web.unit_of_work import read_only_session, session
from server.kit.documents.actions import ask_for_pdf
from server.kit.documents.files.downloads import answer_file, note_download, require_office, send_docx, send_pdf
from server.kit.documents.files.store import DOCX, with_pictures
from server.kit.documents.papers.kinds import DocumentKind, Paper, render
from server.kit.documents.queries import find_document
from server.unions.actor import Actor, current_actor

DraftOf = Callable[[Session, UUID, Actor], tuple[Mapping[str, Any], str]]
"""What the paper of a row would say now, and what its file would be called. Raises NotFound for who may not see it."""


def add_document_doors(blueprint: Blueprint, kind: DocumentKind, name: str, permission: str, draft_of: DraftOf) -> None:
    """`<id>/<name>.docx`: as it was issued, or the draft as it stands; `<id>/<name>.pdf`, once it was made; a POST to
    `<id>/pdf` has it made. Downloads are on record."""

    @requires(permission)
    def docx(owner_id: UUID) -> Response:
        with read_only_session() as reader:
            words, file_name = draft_of(reader, owner_id, current_actor())
            document = find_document(reader, kind, owner_id)
        if document is not None:
            return send_docx(document)
        content = render(kind, [with_pictures(current_app.extensions["object_store"], Paper(words))])
        note_download(kind, owner_id, None, "docx")
        return answer_file(BytesIO(content), DOCX, file_name)

    @requires(permission)
    def pdf(owner_id: UUID) -> Response:
        with read_only_session() as reader:
            draft_of(reader, owner_id, current_actor())
            document = find_document(reader, kind, owner_id)
        return send_pdf(document)

    @requires(permission)
    def ask_pdf(owner_id: UUID) -> AnyResponse:
        draft_of(session(), owner_id, current_actor())
        require_office()
        document = find_document(session(), kind, owner_id)
        if document is None:
            raise Conflict("先发出，再生成 PDF。", code="not_now")
        ask_for_pdf(session(), document)
        flash("正在生成 PDF，过几秒刷新页面。")
        return redirect(with_query(f"{blueprint.url_prefix}/{owner_id}"), code=303)

    blueprint.add_url_rule(f"/<uuid:owner_id>/{name}.docx", "docx", docx)
    blueprint.add_url_rule(f"/<uuid:owner_id>/{name}.pdf", "pdf", pdf)
    blueprint.add_url_rule("/<uuid:owner_id>/pdf", "ask_pdf", ask_pdf, methods=["POST"])
