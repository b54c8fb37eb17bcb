"""What questions are about: the topics that levels draw by and that a worker is told to learn."""

TOPICS = (
    "安全生产责任",
    "从业人员权利义务",
    "教育培训",
    "隐患排查治理",
    "事故报告与调查",
    "应急救援",
    "消防安全",
    "职业健康",
    "危险化学品",
    "特种设备",
    "燃气安全",
    "建设工程",
    "矿山安全",
    "交通安全",
    "烟花爆竹",
    "工会与民主监督",
    "女职工保护",
    "工伤与社会保险",
    "劳动合同与工时",
    "法律责任",
)
