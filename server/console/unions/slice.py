"""The list of unions."""

from server.console.unions.listing import UNION_LIST, Row, UnionFilter
from server.core.slice import MenuEntry, Section, Slice
from server.kit.panels import Line
from server.kit.search import Searchable
from server.unions.roles import Level


def _line(row: Row) -> Line:
    page = f"/console/unions/{row.id}" if row.level is Level.TEAM else f"/console/unions/{row.id}/overview"
    return Line(text=row.name, href=page, note=" · ".join(filter(None, (row.level_text, row.area, row.code))))


SLICE = Slice(
    menu=(
        MenuEntry(
            Section.PEOPLE,
            10,
            "工会",
            "building-community",
            "/console/unions",
            handbook="管理员",
            hint="一级一级点下去，到企业为止。增改、停用、邀请海报都在工会自己的页面上。",
        ),
    ),
    lists=(UNION_LIST,),
    searches=(
        Searchable(
            listing=UNION_LIST,
            title="工会和企业",
            position=5,
            permission="union.read",
            filters=lambda words: UnionFilter(q=words),
            line=_line,
        ),
    ),
)
