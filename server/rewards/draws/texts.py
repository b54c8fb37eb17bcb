"""Words of draws."""

from server.rewards.draws.models import DrawStatus

STATUS_WORDS = {
    DrawStatus.COMMITTED: "已公布，等竞赛结束",
    DrawStatus.FROZEN: "名单已定，等公开数值",
    DrawStatus.VALUED: "公开数值待核对",
    DrawStatus.DRAWN: "已开奖",
    DrawStatus.CANCELLED: "已取消",
}
ALGORITHM = (
    "terms_hash 是 terms 的 SHA-256：按键名排序、不加空格的 JSON（UTF-8）。",
    "seed_hash 是种子 seed（十六进制的 32 个字节）的 SHA-256，写在 terms 里，在竞赛结束前公布。",
    "名单 entrants 里，每人是“盐:人员编号”的 SHA-256，本人在小程序里能看到自己的盐和编号；名单从小到大排列。",
    "entrants_hash 是名单的 SHA-256：每个值后面跟一个换行符，依次相连。",
    "公开数值按 terms 里约定的写法填写：整段符合 pattern；ascending 是从头起每组几个数，组内从小到大、不重复。",
    "随机数的密钥是 seed 的字节，消息五行：suishoupai-draw-1、terms_hash、entrants_hash、public_value、序号（0 起）。",
    "五行之间用换行符隔开，末尾不加。每个消息的 HMAC-SHA256 是 32 个字节，依次分成 4 个 64 位大端整数。",
    "在 0 到 m-1 里取一个数：整数不小于 2^64 - (2^64 除以 m 的余数) 就弃掉，取下一个；否则取它除以 m 的余数。",
    "名单共 n 人，第 i 步（i 从 0 起）取 j = i + (0 到 n-i-1 里的一个数)，交换第 i 和第 j 个，换到前面的是第 i+1 名。",
    "奖品按 terms 里的顺序、数量依次给第 1 名起的各名，其后 runners_up 名为候补。",
)
"""How winners follow, one sentence per step; part of every published file."""
