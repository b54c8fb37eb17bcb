"""The draw that anybody can check."""

from server.core.slice import ERASED_NAME, AuditWords, PersonalRows, Slice, owned_by
from server.rewards.draws.listing import LIST, TODOS
from server.rewards.draws.models import DrawEntry
from server.rewards.draws.texts import STATUS_WORDS
from server.rewards.draws.workflow import DRAWS

SLICE = Slice(
    exports={"draws_console.file": "抽奖记录", "draws_console.script": "核对程序"},
    audit=AuditWords(
        statuses={"draw": STATUS_WORDS},
        actions=DRAWS.audit_words(),
        subjects={"draw": "抽奖"},
        details={
            "entrants": "名单人数",
            "entrants_hash": "名单校验值",
            "terms_hash": "公布校验值",
            "seed": "种子",
            "seed_hash": "种子校验值",
            "value": "公开数值",
            "is_fallback": "备用数值",
            "by_both": "两人都声明过",
        },
    ),
    lists=(LIST,),
    todos=TODOS,
    personal=(
        PersonalRows(
            model=DrawEntry,
            rows=owned_by(DrawEntry.person_id),
            title="抽奖名单",
            hidden=frozenset({"salt", "hash"}),
            blanked={"label": ERASED_NAME},
        ),
    ),
    workflows=(DRAWS,),
)
