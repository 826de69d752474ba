"""The words that the demo company's world is made of."""

SECTORS = {
    "制造": "制造", "零售": "零售", "教育": "教育", "物流": "物流", "医疗": "医疗", "金融科技": "金融科技", "软件": "软件",
    "餐饮": "餐饮",
}  # fmt: skip
SECTORS_EN = ("Manufacturing", "Retail", "Education", "Logistics", "Healthcare", "Fintech", "Software", "Hospitality")

CITIES = (
    "上海",
    "北京",
    "深圳",
    "杭州",
    "成都",
    "武汉",
    "苏州",
    "南京",
    "广州",
    "厦门",
    "青岛",
    "长沙",
    "西安",
    "宁波",
    "合肥",
)
NAMES_ZH = (
    "云帆", "恒信", "明远", "启航", "博雅", "天和", "华盛", "金石", "瑞丰", "海纳", "青禾", "安泰", "卓越", "蓝湖", "星河", "远景",
    "正源", "汇通", "鼎新", "和光", "木棉", "长风", "知行", "万象", "松石", "听雨", "北辰", "白鹭", "麦田", "橙果", "飞鸟", "拾光",
)  # fmt: skip
TRADES_ZH = {
    "制造": ("精密制造", "机械", "电子"), "零售": ("商贸", "百货", "连锁"), "教育": ("教育科技", "文化", "培训"),
    "物流": ("物流", "供应链", "速运"), "医疗": ("医疗器械", "健康", "生物"), "金融科技": ("金融信息", "数据", "支付"),
    "软件": ("软件", "网络科技", "信息技术"), "餐饮": ("餐饮管理", "食品", "酒店"),
}  # fmt: skip
FIRST_EN = (
    "Alder", "Beacon", "Cobalt", "Driftwood", "Elm", "Fathom", "Granite", "Harbour", "Indigo", "Juniper", "Kestrel", "Lantern",
    "Meridian", "Northgate", "Oakfield", "Pinecrest", "Quarry", "Ridgeway", "Saltbox", "Timberline", "Umber", "Verdant", "Willow",
    "Yarrow", "Zephyr", "Ashford", "Brightwater", "Calder", "Dunmore", "Everly",
)  # fmt: skip
SECOND_EN = {
    "Manufacturing": ("Robotics", "Castings", "Tools"), "Retail": ("Stores", "Goods", "Market"),
    "Education": ("Learning", "Academy", "Press"), "Logistics": ("Freight", "Logistics", "Couriers"),
    "Healthcare": ("Clinics", "Health", "Labs"), "Fintech": ("Payments", "Capital", "Ledger"),
    "Software": ("Software", "Systems", "Cloud"), "Hospitality": ("Hotels", "Kitchens", "Resorts"),
}  # fmt: skip
PLACES_EN = (
    "London",
    "Singapore",
    "Sydney",
    "Toronto",
    "Dublin",
    "Chicago",
    "Austin",
    "Boston",
    "Manchester",
    "Auckland",
)
LEGAL_EN = ("Ltd", "Inc", "Group", "Co")

FAMILY_ZH = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN_ZH = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚",
            "桂英", "晓梅", "子涵", "欣怡", "浩然", "宇轩", "思远", "雨桐", "佳琪", "志强")  # fmt: skip
GIVEN_EN = ("Emma", "Liam", "Olivia", "Noah", "Ava", "Lucas", "Mia", "Ethan", "Grace", "Henry", "Nora", "Oscar", "Priya", "Ravi",
            "Sofia", "Tomás", "Uma", "Victor", "Wendy", "Yusuf")  # fmt: skip
FAMILY_EN = ("Adams", "Baker", "Clarke", "Diaz", "Evans", "Fischer", "Garcia", "Hughes", "Ito", "Jones", "Khan", "Lee", "Moore",
             "Nguyen", "Owens", "Patel", "Quinn", "Rossi", "Silva", "Turner")  # fmt: skip
TITLES_ZH = ("总经理", "运营总监", "信息部经理", "财务经理", "数据分析师", "采购经理", "市场总监")
TITLES_EN = ("CEO", "Head of Operations", "IT Manager", "Finance Director", "Data Analyst", "Procurement Lead", "CMO")

SOURCES = ("Google", "百度", "WeCom 社群", "Partner referral", "Webinar", "LinkedIn", "知乎", "Trade fair")
NEXT_STEPS = (
    "Demo with the IT head",
    "Send the security report",
    "与财务确认预算",
    "约决策人面谈",
    "Call about seats",
    "准备试用报告",
)
