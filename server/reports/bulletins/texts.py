"""Words of reports: what they are called, what stands in them at first, the places that figures are written into."""

import re
from collections.abc import Mapping

from server.reports.bulletins.models import BulletinKind

KIND_NAMES: Mapping[BulletinKind, str] = {BulletinKind.MONTHLY: "月报", BulletinKind.BULLETIN: "简报"}
WORDS: Mapping[BulletinKind, str] = {BulletinKind.MONTHLY: "月报", BulletinKind.BULLETIN: "简报"}
"""What stands in their numbers."""

CORRECTED = "（更正）"
"""At the end of the title of what corrects another one."""

PLACE = re.compile(r"【([^【】]{1,20})】")
"""A place in the text that a figure is written into."""

FIRST_TEXT = (
    "【期间】，【单位】共收到职工上报的隐患【上报】条（去年同期【去年上报】条）；"
    "受理【已受理】条，不予受理【不予受理】条，还在等答复的【待受理】条。\n"
    "应答复的隐患中，按期答复【按期答复】条，超期【超期答复】条，答复及时率【答复及时率】。"
    "期限在本期内的整改，按期完成【按期整改】条，超期【超期整改】条，整改及时率【整改及时率】。\n"
    "本期复查合格、销号【本期销号】条，平均用时【平均销号用时】。"
    "到现在逾期未答复【逾期未答复】条，逾期未整改【逾期未整改】条。\n"
    "收到合理化建议【合理化建议】条，采纳【采纳】条。"
)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with the figures in their places. Raises LookupError with the places that nothing belongs into."""
    unknown = [name for name in PLACE.findall(text) if name not in values]
    if unknown:
        raise LookupError("、".join(f"【{name}】" for name in dict.fromkeys(unknown)))
    return PLACE.sub(lambda found: values[found[1]], text)
