"""Accidents and alerts as facts."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.kit.scope import at_their_enterprise
from server.oversight.incidents.indicators import INDICATORS
from server.oversight.incidents.listing import INCIDENTS
from server.oversight.incidents.models import Incident
from server.oversight.incidents.texts import KIND_NAMES

SLICE = Slice(
    indicators=INDICATORS,
    lists=(INCIDENTS,),
    exports={"incidents_console.template": "事故和预警登记模板（Excel）"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT, 55, "事故和预警登记", "alert-triangle", "/console/incidents", handbook="事故和预警登记",
            hint="上级工会登记辖区的事故和预警：几起、哪天、报告和响应及时不及时。只记人数，不记姓名；考核的指标、抽取督导企业的权重从这里算。",
        ),
    ),
    personal=(
        PersonalRows(
            model=Incident, rows=owned_by(Incident.noted_by_id), title="登记的事故和预警", struck=("words", "source")
        ),
        PersonalRows(model=Incident, rows=owned_by(Incident.struck_by_id), struck=("struck_reason",)),
        PersonalRows(
            model=Incident, rows=at_their_enterprise(Incident), struck=("words", "source", "struck_reason")
        ),
    ),
    audit=AuditWords(
        actions={"incident.noted": "登记事故或预警", "incident.struck": "作废事故或预警登记"},
        subjects={"incident": "事故和预警登记"},
        details={"incident_kind": "种类"},
        values={"incident_kind": {kind.value: name for kind, name in KIND_NAMES.items()}},
    ),
)  # fmt: skip
