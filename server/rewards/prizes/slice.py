"""Prizes of a contest and who won them."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, RecountedDeadline, Section, Slice, Todo, owned_by
from server.rewards.prizes.listing import WIN_LIST
from server.rewards.prizes.models import PrizePool, PrizeWin, WinStatus
from server.rewards.prizes.panels import PERSON_PANEL
from server.rewards.prizes.publishing import PUBLISHED
from server.rewards.prizes.queries import count_owed
from server.rewards.prizes.texts import PROOF_TEXTS, STATUS_WORDS, WAY_TEXTS
from server.rewards.prizes.workflow import WINS

SLICE = Slice(
    published=(PUBLISHED,),
    person_panels=(PERSON_PANEL,),
    lists=(WIN_LIST,),
    menu=(
        MenuEntry(
            Section.QUIZ,
            40,
            "奖品与抽奖",
            "gift",
            "/console/prizes",
            handbook="奖品、抽奖和证书",
            hint="先建奖池和奖品，再确定名单、公布口令、抽奖、公示、发放，一步一步来。",
        ),
    ),
    audit=AuditWords(
        actions={
            **WINS.audit_words(),
            "prize.create": "建立奖品池",
            "prize.add_prize": "加奖品",
            "prize.remove_prize": "去掉奖品",
            "prize.lock": "奖品定下",
            "prize.hide_names": "被举报，撤下中奖名单上的名字",
        },
        subjects={"prize_pool": "奖品池"},
        details={
            "win_id": "获奖记录",
            "contest_id": "竞赛",
            "prize_id": "奖品",
            "proof": "凭据",
            "places": "名额",
            "quantity": "数量",
            "runners_up": "候补人数",
            "one_each": "一人只得一份",
            "claim_days": "领取的工作日",
            "notice_days": "公示的工作日",
            "waived": "放行的人",
        },
        statuses={"prize_pool": STATUS_WORDS},
        values={"prize_pool.way": WAY_TEXTS, "prize_pool.proof": PROOF_TEXTS},
    ),
    deadlines=(
        RecountedDeadline(
            column=PrizeWin.claim_until,
            title="领奖期限",
            is_running=PrizeWin.status == WinStatus.OFFERED,
            subject_type="prize_pool",
            subject_id=PrizeWin.pool_id,
        ),
        RecountedDeadline(
            column=PrizeWin.notice_until,
            title="公示期限",
            is_running=PrizeWin.status.in_((WinStatus.OFFERED, WinStatus.ACCEPTED)),
            subject_type="prize_pool",
            subject_id=PrizeWin.pool_id,
        ),
    ),
    personal=(PersonalRows(model=PrizeWin, rows=owned_by(PrizeWin.person_id), title="奖品", is_counted=True),),
    todos=(Todo("prizes", "/console/prizes?owed=1", "{} 个奖品池有奖品要发放", count_owed, PrizePool.__table__),),
    workflows=(WINS,),
)
