"""The tree's enumerations in Chinese."""

from collections.abc import Mapping

from server.unions.tree.models import Affiliation, Ownership, Size

AFFILIATION_NAMES: Mapping[Affiliation, str] = {
    Affiliation.DISTRICT: "区市总工会",
    Affiliation.DIRECT: "市直单位",
    Affiliation.CENTRAL: "中央驻青单位",
    Affiliation.PROVINCIAL: "省驻青单位",
}
OWNERSHIP_NAMES: Mapping[Ownership, str] = {
    Ownership.STATE: "国有",
    Ownership.COLLECTIVE: "集体",
    Ownership.PRIVATE: "民营",
    Ownership.FOREIGN: "港澳台及外资",
    Ownership.MIXED: "混合所有",
}
SIZE_NAMES: Mapping[Size, str] = {Size.LARGE: "大型", Size.MEDIUM: "中型", Size.SMALL: "小型", Size.MICRO: "微型"}
