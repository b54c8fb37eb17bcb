"""Charts in Word files, as Word draws them itself: sharp on paper, in the file's own fonts, with numbers to read out.

python-docx has none; the format is DrawingML's (ECMA-376, part 1, 21.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm

from server.core.text import drop_invisible
from server.kit.documents.papers.layout import BODY_FONT, WIDTH

COLOURS = ("0B5FA5", "B7791F", "2E7D4F")
LABELLED = 16  # columns that can still carry their numbers
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns side by side, or bars lying when `is_lying`. `series`: name and one number per label."""

    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[int]]]
    is_lying: bool = False


def draw_chart(document: Any, chart: Chart, title: str) -> None:
    """Add a chart over the width of the text; `title` is what is read out in its place."""
    package = document.part.package
    name = package.next_partname("/word/charts/chart%d.xml")
    part = Part(name, _CONTENT, _chart_xml(chart).encode(), package)
    link = document.part.relate_to(part, f"{_R}/chart")
    height = Cm(1.6 + 0.85 * len(chart.labels)) if chart.is_lying else Cm(6.5)
    number = "".join(letter for letter in str(name) if letter.isdigit())
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run()._r.append(
        parse_xml(
            f'<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:wp="{_WP}" '
            f'xmlns:a="{_A}"><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{WIDTH}" cy="{height}"/>'
            f'<wp:docPr id="{100 + int(number)}" name="图 {number}" descr={_quoted(title)}/><a:graphic><a:graphicData '
            f'uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{link}"/></a:graphicData></a:graphic></wp:inline>'
            "</w:drawing>"
        )
    )


def _chart_xml(chart: Chart) -> str:
    is_labelled = len(chart.labels) * len(chart.series) <= LABELLED or chart.is_lying
    series = "".join(_series_xml(chart, number, is_labelled) for number in range(len(chart.series)))
    direction, at, across = ("bar", "l", "b") if chart.is_lying else ("col", "b", "l")
    order = "maxMin" if chart.is_lying else "minMax"  # the first label on top
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" '
        f'xmlns:r="{_R}"><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{at}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:crossAx val="2"/>'
        f'<c:crosses val="autoZero"/></c:catAx>'
        f'<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="{int(is_labelled)}"/><c:axPos val="{across}"/><c:numFmt formatCode="0" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/>'
        f'<c:crosses val="autoZero"/></c:valAx></c:plotArea><c:legend><c:legendPos val="t"/><c:overlay val="0"/>'
        f'</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:ln><a:noFill/></a:ln>'
        f'</c:spPr><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1050"><a:latin typeface="{BODY_FONT}"/>'
        f'<a:ea typeface="{BODY_FONT}"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr></c:chartSpace>'
    )


def _series_xml(chart: Chart, number: int, is_labelled: bool) -> str:
    name, values = chart.series[number]
    labels = "".join(f'<c:pt idx="{at}"><c:v>{_clean(label)}</c:v></c:pt>' for at, label in enumerate(chart.labels))
    numbers = "".join(f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values))
    count = f'<c:ptCount val="{len(chart.labels)}"/>'
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:v>{_clean(name)}</c:v></c:tx><c:spPr>'
        f'<a:solidFill><a:srgbClr val="{COLOURS[number % len(COLOURS)]}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/><c:dLbls><c:showLegendKey val="0"/><c:showVal val="{int(is_labelled)}"/>'
        f'<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f"<c:cat><c:strLit>{count}{labels}</c:strLit></c:cat>"
        f"<c:val><c:numLit><c:formatCode>General</c:formatCode>{count}{numbers}</c:numLit></c:val></c:ser>"
    )


def _clean(text: str) -> str:
    return escape(drop_invisible(text))


def _quoted(text: str) -> str:
    return f'"{escape(drop_invisible(text), {chr(34): "&quot;"})}"'
