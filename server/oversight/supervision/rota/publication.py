"""What is shown of a rota: the file by which scripts/verify_draw arranges it again. It names no person."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.draws.algorithm import hash_terms
from server.oversight.supervision.models import Plan, RotaArrangement, RotaEntry
from server.oversight.supervision.rota.rules import Setting

FORMAT = "suishoupai-rota-1"
ALGORITHM = (
    "setting 是排组以前就有的：各组（按先后）、受检单位（按名册的先后）、上次的配对。",
    "arranged 是按规则排出来的，同样的 setting 总是排出同样的结果，没有随机数。",
    "去不了的：本组有人在那里的；上次同一个组长单位查的就是那里；那里有化工企业而组里没有化工专业人员的。",
    "两个组长单位不能互相查。各组受检单位数最多差一个。",
    "一个一个排：先排这时能去的组最少的单位；一样少的，名册在前的先排。",
    "能去的组里，先试分到的单位少的；一样少的，从组长单位在名册的位置往后数，离得近的先试。",
    "排不下去就退回一步，换下一个组。",
    "entries 是现在的分组表；和 arranged 不一样的，是手工改的，写着原因。",
    "content_hash 是其余全部内容的 SHA-256：按键名排序、不加空格的 JSON（UTF-8）。先抄下它，以后改了一个字都看得出来。",
)
"""How it follows; part of every published file."""


def freeze_setting(setting: Setting) -> dict[str, Any]:
    """What a rota is arranged of, as plain JSON; lists keep the order that counts."""
    return {
        "groups": [
            {"key": each.key, "name": each.name, "home": each.home, "homes": sorted(each.homes),
             "has_chemist": each.has_chemist}
            for each in setting.groups
        ],
        "targets": [
            {"key": each.key, "name": each.name, "needs_chemist": each.needs_chemist} for each in setting.targets
        ],
        "last": sorted(list(pair) for pair in setting.last),
    }  # fmt: skip


def write_file(session: Session, plan: Plan) -> dict[str, Any]:
    """Everything that a person needs to arrange the rota again. Raises NotFound where the rules never did."""
    arranged = session.get(RotaArrangement, plan.id)
    if arranged is None:
        raise NotFound
    entries = session.scalars(select(RotaEntry).where(RotaEntry.plan_id == plan.id).order_by(RotaEntry.union_id))
    file: dict[str, Any] = {
        "format": FORMAT, "algorithm": list(ALGORITHM), "plan_id": str(plan.id), "title": plan.title,
        "arranged_at": arranged.arranged_at.isoformat(), "setting": arranged.setting, "arranged": arranged.rota,
        "entries": [
            {"target": str(each.union_id), "group": str(each.team_id) if each.team_id is not None else None,
             "starts_on": each.starts_on.isoformat() if each.starts_on is not None else None,
             "ends_on": each.ends_on.isoformat() if each.ends_on is not None else None, "reason": each.reason}
            for each in entries
        ],
    }  # fmt: skip
    return {**file, "content_hash": hash_terms(file)}
