"""Prizes of a contest and who won them."""

from server.core.slice import AuditWords, Deadline, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.rewards.prizes.models import PrizeWin, WinStatus

SLICE = Slice(
    menu=(MenuEntry(Section.QUIZ, 40, "奖品与抽奖", "gift", "/console/prizes"),),
    audit=AuditWords(
        actions={
            "prize.accept": "确认领奖",
            "prize.add_prize": "加奖品",
            "prize.award": "评出获奖者",
            "prize.create": "建立奖品池",
            "prize.expire": "奖品过期",
            "prize.hand_over": "发放奖品",
            "prize.lock": "奖品定下",
            "prize.promote": "候补递补",
            "prize.refuse": "放弃奖品",
            "prize.remove_prize": "去掉奖品",
            "prize.revoke": "取消获奖资格",
            "prize.skip": "跳过已得奖的",
        },
        subjects={"prize_pool": "奖品池"},
        details={
            "win_id": "获奖记录",
            "contest_id": "竞赛",
        },
    ),
    deadlines=(
        Deadline(
            column=PrizeWin.claim_until,
            title="领奖期限",
            is_running=PrizeWin.status == WinStatus.OFFERED,
            subject_type="prize_pool",
            subject_id=PrizeWin.pool_id,
        ),
        Deadline(
            column=PrizeWin.notice_until,
            title="公示期限",
            is_running=PrizeWin.status.in_((WinStatus.OFFERED, WinStatus.ACCEPTED)),
            subject_type="prize_pool",
            subject_id=PrizeWin.pool_id,
        ),
    ),
    personal=(PersonalRows(model=PrizeWin, rows=owned_by(PrizeWin.person_id), title="奖品", is_counted=True),),
)
