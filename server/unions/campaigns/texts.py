"""What a new campaign starts with: the four grades, and kinds of hazards and suggestions that a worker recognises."""

from server.unions.campaigns.schemas import Category, Grade

STANDARD_GRADES = (
    Grade(grade=1, name="重大", criteria="随时可能造成群死群伤，要立即停产停用、撤出人员的隐患。", rectify_days=3),
    Grade(grade=2, name="较大", criteria="可能造成人员死亡或多人重伤，要限期治理、专人盯守的隐患。", rectify_days=7),
    Grade(grade=3, name="一般", criteria="可能造成人员受伤，企业自己能较快整改的隐患。", rectify_days=15),
    Grade(grade=4, name="较小", criteria="影响轻微，发现后能当场改正的隐患。", rectify_days=30),
)

STANDARD_CATEGORIES = (
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
)
"""In the order in which phones show them; each has a pictogram by its code, most a class in GB 6441-2025."""

STANDARD_SUGGESTION_CATEGORIES = (
    Category(code="s_equipment", name="设备设施", hint="加装防护、换掉老旧设备、改进工具"),
    Category(code="s_process", name="工艺操作", hint="换一种做法，更安全、更省力"),
    Category(code="s_protection", name="劳动保护", hint="防护用品、防暑降温、防尘防噪"),
    Category(code="s_training", name="教育培训", hint="怎样学得会、记得住、用得上"),
    Category(code="s_rules", name="制度管理", hint="规程、巡查、交接班、奖惩"),
    Category(code="s_emergency", name="应急救援", hint="预案、演练、器材、疏散"),
    Category(code="s_other", name="其他建议", hint="说不清是哪一类，写下来就行"),
)
"""Codes begin with `s_`, so that they never meet a hazard's."""
