"""Words of prizes."""

from enum import StrEnum

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
POOL_TEXTS: dict[StrEnum, str] = {
    PoolMove.CREATE: "建立",
    PoolMove.ADD_PRIZE: "加奖品",
    PoolMove.REMOVE_PRIZE: "去掉奖品",
    PoolMove.LOCK: "奖品定下",
}
"""What happens to a pool as a whole; the moves of its wins have their words in the workflow."""
