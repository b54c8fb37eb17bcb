"""Coverage of training and drills."""

from server.core.slice import ERASED_NAME, AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.oversight.coverage.collecting.asking import KIND
from server.oversight.coverage.indicators import INDICATORS
from server.oversight.coverage.listing import ABSENT, GAPS, UNSIGNED
from server.oversight.coverage.models import NamedOfficer
from server.oversight.coverage.panels import UNION_PANEL

SLICE = Slice(
    indicators=INDICATORS,
    assignments=(KIND,),
    lists=(GAPS, ABSENT),
    todos=(UNSIGNED,),
    union_panels=(UNION_PANEL,),
    exports={
        "coverage_console.table_sheet": "培训覆盖情况统计表",
        "coverage_console.template": "应训基数模板",
    },
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            52,
            "培训覆盖",
            "users",
            "/console/coverage",
            handbook="培训覆盖",
            hint="安全负责人、职工、班组，应训多少、已训多少、还差谁。职工数由企业签认一次，变了再改。",
        ),
    ),
    audit=AuditWords(
        actions={
            "coverage.denominator_entered": "填写职工数",
            "coverage.denominator_corrected": "更正职工数",
            "coverage.officer_named": "登记安全负责人",
            "coverage.officer_ended": "安全负责人离任",
            "coverage.reminded": "提醒未参训企业",
        },
        subjects={"coverage_period": "培训覆盖时段"},
        details={"as_of": "哪一天的", "headcount": "职工数", "enterprises": "企业数"},
    ),
    personal=(
        PersonalRows(
            model=NamedOfficer,
            rows=owned_by(NamedOfficer.person_id),
            title="登记为安全负责人",
            hidden=frozenset({"name_key"}),
            blanked={"name": ERASED_NAME, "name_key": ERASED_NAME, "post": ""},
        ),
    ),
)
