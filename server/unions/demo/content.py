"""What the demo is made of. District codes and names are official; enterprises and people are made up."""

from datetime import date

from server.unions.campaigns.schemas import Activity, CampaignIn
from server.unions.campaigns.texts import STANDARD_CATEGORIES, STANDARD_GRADES, STANDARD_SUGGESTION_CATEGORIES

CITY = ("DEMO-370200", "370200", "青岛市总工会", "青岛市")

DISTRICTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "370202": (
        "市南区",
        ("八大湖街道", "香港中路街道", "八大关街道", "湛山街道", "金门路街道", "珠海路街道", "云南路街道"),
    ),
    "370203": (
        "市北区",
        ("台东街道", "辽宁路街道", "即墨路街道", "敦化路街道", "合肥路街道", "水清沟街道", "洛阳路街道", "河西街道"),
    ),
    "370211": (
        "黄岛区",
        ("长江路街道", "黄岛街道", "辛安街道", "薛家岛街道", "灵珠山街道", "红石崖街道", "灵山卫街道", "泊里镇"),
    ),
    "370212": ("崂山区", ("中韩街道", "沙子口街道", "王哥庄街道", "北宅街道", "金家岭街道")),
    "370213": (
        "李沧区",
        ("李村街道", "虎山路街道", "浮山路街道", "振华路街道", "永清路街道", "湘潭路街道", "楼山街道"),
    ),
    "370214": (
        "城阳区",
        ("城阳街道", "流亭街道", "惜福镇街道", "夏庄街道", "棘洪滩街道", "上马街道", "红岛街道", "河套街道"),
    ),
    "370215": (
        "即墨区",
        ("环秀街道", "潮海街道", "通济街道", "北安街道", "龙山街道", "龙泉街道", "鳌山卫街道", "温泉街道"),
    ),
    "370281": (
        "胶州市",
        ("阜安街道", "中云街道", "三里河街道", "胶东街道", "胶北街道", "九龙街道", "李哥庄镇", "铺集镇"),
    ),
    "370283": ("平度市", ("东阁街道", "李园街道", "同和街道", "凤台街道", "白沙河街道", "南村镇", "明村镇", "蓼兰镇")),
    "370285": ("莱西市", ("水集街道", "望城街道", "沽河街道", "姜山镇", "夏格庄镇", "南墅镇", "院上镇")),
}
"""Adcode → name, towns."""

UNITS = (
    ("direct", "市直示例交通单位工会", "市直示例交通"),
    ("direct", "市直示例水务单位工会", "市直示例水务"),
    ("central", "中央驻青示例铁路单位工会", "中央驻青示例铁路"),
    ("provincial", "省驻青示例能源单位工会", "省驻青示例能源"),
)
"""Affiliation, name, short name of the units that stand beside the districts."""

ENTERPRISES_PER_DISTRICT = 19
ENTERPRISES_PER_UNIT = 3

BRANDS_FIRST = "海晨远恒瑞嘉启泰安宏盛明润和信诚达通佳源"
BRANDS_SECOND = "晨航丰业景禾川岭屿帆松泉澜舟桥泽杉峰岳湾"

TRADES: tuple[tuple[str, str, bool, bool], ...] = (
    ("化工", "化学原料和化学制品制造业", True, True),
    ("机械制造", "通用设备制造业", False, False),
    ("建筑工程", "房屋建筑业", True, False),
    ("食品", "食品制造业", False, False),
    ("仓储物流", "装卸搬运和仓储业", False, False),
    ("纺织服装", "纺织服装、服饰业", False, False),
    ("橡胶制品", "橡胶和塑料制品业", False, False),
    ("涂料", "化学原料和化学制品制造业", True, True),
    ("家具", "家具制造业", False, False),
    ("燃气", "燃气生产和供应业", True, False),
    ("电子科技", "计算机、通信和其他电子设备制造业", False, False),
    ("金属铸造", "金属制品业", True, False),
    ("商贸", "零售业", False, False),
)
"""Trade in the name, industry, high-risk, chemical."""

CAMPAIGN = CampaignIn(
    name="“查保促”“安康杯”群众性安全生产活动集中行动",
    starts_on=date(2020, 1, 14),
    ends_on=date(2020, 5, 31),
    activities=[Activity.HAZARD, Activity.SUGGESTION, Activity.QUIZ],
    grades=list(STANDARD_GRADES),
    categories=list(STANDARD_CATEGORIES),
    suggestion_categories=list(STANDARD_SUGGESTION_CATEGORIES),
)

ACCOUNTS = (
    ("city", "演示审核员（市总）", "city_reviewer"),
    ("shinan", "演示审核员（市南区）", "district_reviewer"),
    ("town", "演示审核员（八大湖街道）", "town_reviewer"),
    ("enterprise", "演示审核员（企业）", "enterprise_reviewer"),
    ("admin", "演示管理员", "admin"),
)
"""Login name, name, role."""

WORKERS = (("worker-1", "演示职工1"), ("worker-2", "演示职工2"))
