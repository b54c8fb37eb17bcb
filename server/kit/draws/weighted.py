"""How a weighted draw of enterprises and inspectors comes about: format `suishoupai-inspection-draw-1`. Pure;
docs/decisions states it in words, and scripts/verify_draw does the same without this module.

`frame` is everything that is published before the seed can be known; its hash goes into every number that is drawn.
"""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

FORMAT = "suishoupai-inspection-draw-1"
DIGITS = 50
MOST_WEIGHT = 1_000_000
ALGORITHM = (
    "frame_hash 是 frame 的 SHA-256：按键名排序、不加空格的 JSON（UTF-8）。它在公开数值出现以前公布。",
    "seed_hash 是种子 seed（十六进制的 32 个字节）的 SHA-256，写在 frame 里；抽取以后才公开种子。",
    "每家的消息五行：suishoupai-inspection-draw-1、frame_hash、public_value、unit、单位编号；用换行符隔开，末尾不加。",
    "对消息做 HMAC-SHA256（密钥是 seed 的字节），取前 16 个字节作大端整数 n，u = (2n+1) ÷ 2^129，在 0 和 1 之间。",
    "键 = ln(u) ÷ 权重，每一步按 50 位有效数字、四舍六入五成双计算。权重为 0 的、排除的不参加。",
    "每一层把键从大到小排（一样大的，单位编号小的在前），前 quota 家是抽中的，其后 reserves 家依次是备用的。",
    "检查人员：先按层依次给抽中的各家抽，再给备用的抽。每家的候选人是没有回避这一家的人，取前 inspectors_each 名：",
    "先取分到的家数少的；一样多的，比 u（消息后两行是 inspector、“单位编号 人员编号”），大的在前。",
)
"""How places follow, one sentence per step; part of every published file."""

_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999)
_WHOLE = Decimal(2**129)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place: an enterprise of a stratum, whether in reserve, and who goes there."""

    stratum: str
    place: int
    unit: str
    is_reserve: bool
    inspectors: tuple[str, ...]


def random_share(seed: bytes, frame_hash: str, value: str, subject: str, name: str) -> Decimal:
    """A number between 0 and 1, neither of them, that follows from the seed and what is named."""
    message = f"{FORMAT}\n{frame_hash}\n{value}\n{subject}\n{name}".encode()
    number = int.from_bytes(hmac.digest(seed, message, "sha256")[:16], "big")
    return _CONTEXT.divide(Decimal(2 * number + 1), _WHOLE)


def sort_key(share: Decimal, weight: int) -> Decimal:
    """ln(u) ÷ w: decimal arithmetic rounds both steps exactly, so that every machine gets the same order."""
    return _CONTEXT.divide(_CONTEXT.ln(share), Decimal(weight))


def draw(frame: Mapping[str, Any], frame_hash: str, seed: str, value: str) -> list[Drawn]:
    """Every place, in the order of the strata: those drawn first, then those in reserve."""
    secret = bytes.fromhex(seed)
    chosen: list[tuple[str, int, str]] = []
    reserved: list[tuple[str, int, str]] = []
    for stratum in frame["strata"]:
        keys = [
            (sort_key(random_share(secret, frame_hash, value, "unit", unit["id"]), unit["weight"]), unit["id"])
            for unit in frame["units"]
            if unit["stratum"] == stratum["name"] and unit["weight"] > 0
        ]
        ordered = [unit_id for _, unit_id in sorted(keys, key=lambda each: (-each[0], each[1]))]
        quota = stratum["quota"]
        for place, unit_id in enumerate(ordered[: quota + stratum["reserves"]], 1):
            (chosen if place <= quota else reserved).append((stratum["name"], place, unit_id))
    goers = _Inspectors(frame, frame_hash, secret, value)
    places = [Drawn(*each, is_reserve=False, inspectors=goers.draw_for(each[2])) for each in chosen]
    return places + [Drawn(*each, is_reserve=True, inspectors=goers.draw_for(each[2])) for each in reserved]


class _Inspectors:
    """Who goes where: the load is kept even, and chance decides among those who have gone to equally many."""

    def __init__(self, frame: Mapping[str, Any], frame_hash: str, seed: bytes, value: str) -> None:
        self._loads = {each["id"]: 0 for each in frame["inspectors"]}
        self._each: int = frame["inspectors_each"]
        self._recused = {(each["inspector"], each["unit"]) for each in frame["recusals"]}
        self._known = seed, frame_hash, value

    def draw_for(self, unit_id: str) -> tuple[str, ...]:
        free = [each for each in self._loads if (each, unit_id) not in self._recused]
        shares = {each: random_share(*self._known, "inspector", f"{unit_id} {each}") for each in free}
        going = sorted(free, key=lambda each: (self._loads[each], -shares[each], each))[: self._each]
        for each in going:
            self._loads[each] += 1
        return tuple(going)


def find_faults(frame: Mapping[str, Any]) -> list[str]:
    """Why a frame cannot be drawn from, in words; empty if it can."""
    faults = []
    for stratum in frame["strata"]:
        listed = sum(unit["stratum"] == stratum["name"] and unit["weight"] > 0 for unit in frame["units"])
        if stratum["quota"] > listed:
            faults.append(f"“{stratum['name']}”要抽 {stratum['quota']} 家，只有 {listed} 家可以抽。")
    if not any(stratum["quota"] for stratum in frame["strata"]):
        faults.append("每一层都抽 0 家，请填要抽几家。")
    faults.extend(
        _short_of_inspectors(frame["units"], frame["inspectors"], frame["recusals"], frame["inspectors_each"])
    )
    return faults


def _short_of_inspectors(
    units: Iterable[Mapping[str, Any]], inspectors: Collection[Any], recusals: Sequence[Mapping[str, Any]], each: int
) -> list[str]:
    if each == 0:
        return []
    if len(inspectors) < each:
        return [f"每家要 {each} 名检查人员，名单里只有 {len(inspectors)} 名。"]
    away: dict[str, set[str]] = {}
    for recusal in recusals:
        away.setdefault(recusal["unit"], set()).add(recusal["inspector"])
    return [
        f"回避以后，能去“{unit['name']}”的检查人员不到 {each} 名。"
        for unit in units
        if len(inspectors) - len(away.get(unit["id"], ())) < each
    ][:5]
