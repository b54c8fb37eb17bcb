"""Spreadsheets made by hand, as Excel, WPS and others write them, and as nobody should."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(value: object, style: int = 0) -> str:
    """A number as a number, anything else as a text in its cell; `<…>` is taken as markup."""
    if isinstance(value, int | float):
        return f'<c s="{style}"><v>{value}</v></c>'
    text = str(value)
    return text if text.startswith("<c") else f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def row(*values: object, number: int | None = None, hidden: bool = False) -> str:
    marks = (f' r="{number}"' if number else "") + (' hidden="1"' if hidden else "")
    return f"<row{marks}>{''.join(map(cell, values))}</row>"


def sheet_xml(*rows: str, namespace: str = TRANSITIONAL, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{namespace}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def styles_xml(*formats: str | int) -> str:
    """Style 0 is General; style n shows numbers by the nth format, or by a number of those built in."""
    own = {code: 164 + place for place, code in enumerate(code for code in formats if isinstance(code, str))}
    numbers = [own[code] if isinstance(code, str) else code for code in formats]
    listed = "".join(f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for code, number in own.items())
    used = "".join(f'<xf numFmtId="{number}"/>' for number in (0, *numbers))
    return f'<styleSheet xmlns="{TRANSITIONAL}"><numFmts>{listed}</numFmts><cellXfs>{used}</cellXfs></styleSheet>'


def xlsx(
    *sheets: str,
    states: Sequence[str] = (),
    styles: str | bytes = "",
    texts: str | bytes = "",
    strict: bool = False,
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook of these sheets; `states`: visible, hidden or veryHidden, of each."""
    relations, main = (STRICT_RELATIONS, STRICT) if strict else (RELATIONS, TRANSITIONAL)
    states = [*states, *["visible"] * (len(sheets) - len(states))]
    listed = "".join(
        f'<sheet name="表{n}" sheetId="{n}" state="{state}" r:id="rId{n}"/>' for n, state in enumerate(states, 1)
    )
    targets = {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
    targets |= {"rIdS": ("styles", "styles.xml"), "rIdT": ("sharedStrings", "sharedStrings.xml")}
    parts: dict[str, str | bytes] = {
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}, relations),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(targets, relations),
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets, 1)},
        **({"xl/styles.xml": styles} if styles else {}),
        **({"xl/sharedStrings.xml": texts} if texts else {}),
        **(more or {}),
    }  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _relations(targets: Mapping[str, tuple[str, str]], kinds: str) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{kinds}/{kind}" Target="{name}"/>' for key, (kind, name) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'
