"""Documents as offices send them, and things that only pretend to be documents. All made here, all deterministic."""

import io
import zipfile
from collections.abc import Mapping

from tests.support.images import Sample

PDF, DOC = "application/pdf", "application/msword"
MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf(words: bytes = b"notice", name: str = "通知.pdf") -> Sample:
    """A PDF of no pages."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Title (" + words + b") >>\nendobj\n"
    tail = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return Sample(body + tail, name, PDF)


def office(
    kind: str = "docx",
    *,
    more: Mapping[str, bytes] | None = None,
    content_types: str | None = None,
    main: str | None = None,
    name: str | None = None,
) -> Sample:
    """A Word, Excel or PowerPoint file; `more` are further parts, `main` is the type of its main part."""
    part, media_type = MAIN[kind]
    said = content_types or (
        f'<?xml version="1.0"?><Types xmlns="{CONTENT_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main or f"{OPEN_XML}{media_type}.main+xml"}"/></Types>'
    )
    parts = {"[Content_Types].xml": said.encode(), part: b"<main/>", **(more or {})}
    return Sample(zipped(parts), name or f"表.{kind}", OPEN_XML + media_type)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip of these parts, as they come."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def with_macros() -> Sample:
    """An .xlsm that was given another name."""
    main = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    return office("xlsx", main=main, more={"xl/vbaProject.bin": b"Sub Auto_Open()"})


def bomb() -> Sample:
    """A part that becomes a thousand times as large."""
    return office(more={"word/media/zeros.bin": b"\0" * 30_000_000})


def of_1997(name: str = "旧表.doc", content: bytes = b"") -> Sample:
    """A file as Word 97 wrapped it."""
    head = COMPOUND + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00"
    return Sample((head.ljust(512, b"\0") + content).ljust(4096, b"\0"), name, DOC)
