"""What the demo is made of. District codes and names are official; enterprises and people are made up."""

from datetime import date

from server.unions.campaigns.schemas import Activity, CampaignIn, Category, Grade

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
"""Standing, name, short name of the units that stand beside the districts."""

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
    activities=[
        Activity.HAZARD,
        Activity.SUGGESTION,
        Activity.QUIZ,
        Activity.PROCEDURE,
        Activity.TRAINING,
        Activity.WORK,
        Activity.INSPECTION,
    ],
    grades=[
        Grade(grade=1, name="重大", criteria="随时可能造成群死群伤，要立即停产停用、撤出人员的隐患。"),
        Grade(grade=2, name="较大", criteria="可能造成人员死亡或多人重伤，要限期治理、专人盯守的隐患。"),
        Grade(grade=3, name="一般", criteria="可能造成人员受伤，企业自己能较快整改的隐患。"),
        Grade(grade=4, name="较小", criteria="影响轻微，发现后能当场改正的隐患。"),
    ],
    categories=[
        Category(code="fire", name="消防", hint="灭火器失效、易燃物乱放、动火没有监护", gb6441="火灾"),
        Category(code="electricity", name="用电", hint="电线破损、私拉乱接、配电箱没关门", gb6441="触电"),
        Category(code="machinery", name="机械", hint="防护罩缺失、急停失灵、带病运转", gb6441="机械致害"),
        Category(code="height", name="高处", hint="没系安全带、护栏缺失、洞口没盖", gb6441="高处坠落"),
        Category(code="vehicle", name="车辆", hint="叉车超速载人、人车混行、刹车失灵", gb6441="厂（场）内车辆致害"),
        Category(code="lifting", name="起重", hint="吊索磨损、超载起吊、吊物下站人", gb6441="起重致害"),
        Category(code="chemical", name="危化品", hint="泄漏、混放、没有标签", gb6441="泄漏"),
        Category(code="gas", name="燃气", hint="燃气味、软管老化、报警器不响", gb6441="可燃气体爆炸"),
        Category(code="health", name="职业健康", hint="粉尘、噪声、有毒气体、通风不好", gb6441="中毒"),
        Category(code="collapse", name="坍塌", hint="基坑没支护、堆料过高、墙体开裂", gb6441="坍塌"),
        Category(code="passage", name="通道", hint="安全出口锁闭、疏散通道堵塞、指示灯不亮"),
        Category(code="behavior", name="违章", hint="违章指挥、违章作业、违反劳动纪律"),
        Category(code="ppe", name="防护", hint="没戴安全帽、护目镜、手套、口罩"),
        Category(code="other", name="其他", hint="说不清是哪一类，拍下来就行", gb6441="其他"),
    ],
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
