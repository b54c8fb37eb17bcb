"""Words of prizes."""

from server.rewards.prizes.models import PoolMove, Proof, Way, WinStatus

WAY_TEXTS = {Way.RANKING: "按名次", Way.DRAW: "抽奖"}
PROOF_TEXTS = {Proof.CODE: "核对领奖码", Proof.SIGNATURE: "本人签收"}
STATUS_WORDS = {
    WinStatus.RESERVE: "候补",
    WinStatus.OFFERED: "待领取",
    WinStatus.ACCEPTED: "已确认，待发放",
    WinStatus.HANDED_OVER: "已发放",
    WinStatus.REFUSED: "已放弃",
    WinStatus.EXPIRED: "过期未领",
    WinStatus.REVOKED: "已取消",
    WinStatus.SKIPPED: "已得别的奖品",
}
MOVE_TEXTS = {
    PoolMove.CREATE: "建立",
    PoolMove.ADD_PRIZE: "加奖品",
    PoolMove.REMOVE_PRIZE: "去掉奖品",
    PoolMove.LOCK: "奖品定下",
    PoolMove.AWARD: "评出获奖者",
    PoolMove.ACCEPT: "确认领取",
    PoolMove.REFUSE: "放弃",
    PoolMove.EXPIRE: "过期",
    PoolMove.REVOKE: "取消资格",
    PoolMove.SKIP: "跳过（已得别的奖品）",
    PoolMove.PROMOTE: "候补递补",
    PoolMove.HAND_OVER: "发放",
}
