"""The demo company itself: its people, what it sells, its texts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from proofline.config.demo import agreeing, rivals
from proofline.outreach.models import Template, TriggerRule
from proofline.records.models import (
    Evidence,
    ExchangeRate,
    Module,
    Pain,
    Product,
    ServicePack,
    Team,
    Tier,
    User,
    ValueMetric,
    Wording,
    Workspace,
)
from proofline.stages.discovery.models import CatalogueRule, PriceRule
from proofline.stages.reach.models import LeadForm, ScoreRule, SignalRule

if TYPE_CHECKING:
    from datetime import datetime

PASSWORD = "show-me-the-proof"  # noqa: S105 - of a demo, printed to whoever starts it
SIGN_IN = ("admin", "manager", "seller", "delivery", "support", "success", "reader")
FEATURES = ("reports", "dashboards", "data", "automations", "forecasts", "api")
MODULES = (("Reports", "报表"), ("Dashboards", "看板"), ("Data management", "数据管理"), ("Automations", "自动化"),
           ("Forecasts", "预测"), ("Open API", "开放接口"))  # fmt: skip
PRODUCTS = (
    ("明见分析", "CNY", (("基础版", 88), ("进阶版", 168), ("企业版", 298))),
    ("Lumen Analytics", "USD", (("Basic", 15), ("Advanced", 29), ("Enterprise", 52))),
)  # fmt: skip
MODULES_OF_TIER = (3, 4, 6)
STAFF = (
    # name, e-mail, role, team, manager's e-mail, language
    ("周明 Zhou Ming", "admin@demo.example", "administrator", "Lumen", "", "zh-hans"),
    ("Grace Chen", "manager@demo.example", "manager", "Sales", "", "en"),
    ("李文 Li Wen", "seller@demo.example", "sales", "East", "manager@demo.example", "zh-hans"),
    ("Tom Baker", "tom@demo.example", "sales", "East", "manager@demo.example", "en"),
    ("赵倩", "zhaoqian@demo.example", "sales", "South", "manager@demo.example", "zh-hans"),
    ("孙浩", "sunhao@demo.example", "sales", "South", "manager@demo.example", "zh-hans"),
    ("Maria Rossi", "maria@demo.example", "sales", "Overseas", "manager@demo.example", "en"),
    ("Sam Patel", "sam@demo.example", "sales", "Overseas", "manager@demo.example", "en"),
    ("何静", "hejing@demo.example", "marketing", "Marketing", "", "zh-hans"),
    ("Noah Fischer", "noah@demo.example", "consultant", "Sales", "manager@demo.example", "en"),
    ("吴磊", "delivery@demo.example", "delivery", "Service", "", "zh-hans"),
    ("Olga Ito", "olga@demo.example", "delivery", "Service", "", "en"),
    ("郑雨桐", "support@demo.example", "support", "Service", "", "zh-hans"),
    ("陈佳琪 Chen Jiaqi", "success@demo.example", "success", "Service", "", "zh-hans"),
    ("Rita Owens", "reader@demo.example", "reader", "Lumen", "", "en"),
)
TEAMS = (("Lumen", ""), ("Sales", "Lumen"), ("East", "Sales"), ("South", "Sales"), ("Overseas", "Sales"),
         ("Marketing", "Lumen"), ("Service", "Lumen"))  # fmt: skip


def build(*, now: datetime) -> None:
    """Set up the workspace, people, catalogue, library and texts."""
    workspace = Workspace.current()
    workspace.change(by=None, now=now, name="Lumen 明见", currency="CNY", accent="#2f5bea", second="#b4690e")
    ExchangeRate.objects.create(currency="USD", rate=Decimal("7.1"), since=(now - timedelta(days=900)).date())
    _people()
    for name, currency, tiers in PRODUCTS:
        _product(name, currency, tiers, now=now)
    _pains_and_metrics()
    agreeing.templates(now=now)
    _library(now=now)
    _voice()
    _texts()
    _signal_rules()


def _people() -> None:
    for name, parent in TEAMS:
        Team.objects.create(name=name, parent=Team.objects.filter(name=parent).first())
    for name, email, role, team, manager, language in STAFF:
        User.objects.add(
            name=name,
            email=email,
            role=role,
            team=Team.objects.get(name=team),
            manager=User.objects.filter(email=manager).first() if manager else None,
            language=language,
            password=PASSWORD if email.partition("@")[0] in SIGN_IN else None,
        )


def _product(name: str, currency: str, tiers: tuple[tuple[str, int], ...], *, now: datetime) -> None:
    common: dict[str, Any] = {"by": None, "now": now, "currency": currency}
    product = Product.objects.add(name=name, series="Analytics", list_price=tiers[1][1] * 12, **common)
    made = [
        Module.objects.add(
            product=product, name=title, name_zh=chinese, feature_key=key, monthly_price=tiers[0][1], **common
        )
        for (title, chinese), key in zip(MODULES, FEATURES, strict=True)
    ]
    for rank, ((title, price), count) in enumerate(zip(tiers, MODULES_OF_TIER, strict=True), 1):
        tier = Tier.objects.create(
            product=product,
            name=title,
            rank=rank,
            seat_price=price,
            currency=currency,
            included_seats=(5, 15, 40)[rank - 1],
        )
        tier.modules.set(made[:count])
    title = "上线服务" if currency == "CNY" else "Onboarding"
    ServicePack.objects.create(product=product, name=title, fee=tiers[1][1] * 100, currency=currency)
    _rules(product, made, now=now)


def _rules(product: Product, modules: list[Module], *, now: datetime) -> None:
    by_key = {module.feature_key: module for module in modules}
    common: dict[str, Any] = {"by": None, "now": now}
    forecasts, data, automations, api = (by_key[key] for key in ("forecasts", "data", "automations", "api"))
    CatalogueRule.objects.add(kind="requires", parts=[forecasts, data], **common)
    CatalogueRule.objects.add(kind="only_with", parts=[api, automations, forecasts], **common)
    for least, most, percent in ((50, 199, 5), (200, None, 10)):
        PriceRule.objects.add(kind="volume", product=product, least=least, most=most, percent=percent, **common)
    PriceRule.objects.add(kind="term", product=product, least=24, percent=8, **common)


def _pains_and_metrics() -> None:
    rows = (
        ("Reports are made by hand", "报表靠手工汇总", "reports", "Reporting hours", "报表工时", "h/week", "Report Generated", "0.5",
         "reports generated × 0.5 h"),
        ("Data is checked again and again", "数据反复核对", "data", "Checking hours", "核对工时", "h/week", "Data Checked", "0.25",
         "checks run × 0.25 h"),
        ("Too many repeated steps", "重复操作太多", "automations", "Hours of repeated work", "重复操作工时", "h/week", "Automation Run", "0.05",
         "automations run × 0.05 h"),
    )  # fmt: skip
    for name, name_zh, feature, metric, metric_zh, unit, event, factor, formula in rows:
        pain = Pain.objects.create(name=name, name_zh=name_zh)
        pain.modules.set(Module.objects.filter(feature_key=feature))
        pain.metrics.add(
            ValueMetric.objects.create(
                name=metric,
                name_zh=metric_zh,
                unit=unit,
                event=event,
                factor=Decimal(factor),
                formula=formula,
                usual_share=Decimal("0.3"),
            )
        )


def _library(*, now: datetime) -> None:
    today = now.date()
    for title, kind, sector, language, result in (
        ("苏州精密制造：月结从五天到一天", "story", "制造", "zh-hans", "每周节省 32 小时"),
        ("Kestrel Freight: one dashboard for 14 depots", "story", "Logistics", "en", "21 h/week saved"),
        ("连锁零售如何告别手工日报", "story", "零售", "zh-hans", "日报提前 3 小时"),
        ("Harbour Health: audit-ready reports", "story", "Healthcare", "en", "9 h/week saved"),
        ("ISO/IEC 27001", "certificate", "", "", ""),
        ("Performance report 2026", "report", "", "en", "p95 240 ms at 50 million rows"),
        ("“The numbers they promised were the numbers we got.”", "testimonial", "Software", "en", ""),
    ):
        item = Evidence.objects.add(
            by=None,
            now=now,
            title=title,
            kind=kind,
            sector=sector,
            language=language,
            result=result,
            permission=True,
            published_on=today - timedelta(days=200),
            valid_until=today + timedelta(days=400) if kind == "certificate" else None,
        )
        item.pains.set(Pain.objects.all()[:2] if kind == "story" else [])
        item.modules.set(Module.objects.filter(feature_key__in=("reports", "dashboards")) if kind == "story" else [])
    rivals.cards(now=now)


def _signal_rules() -> None:
    """Say which behaviour speaks of which need."""
    for name, need, event, place, operator, value, times, days, per, pain in (
        ("常用数据功能 · Uses data features often", "可能需要数据管理 · may need data management",
         "Feature Used", "feature", "is", "data", 10, 30, "account", "数据反复核对"),
        ("常用看板 · Opens dashboards often", "可能需要自动化报表 · may need automated reports",
         "Feature Used", "feature", "is", "dashboards", 10, 30, "account", "报表靠手工汇总"),
        ("反复阅读自动化文档 · Keeps reading about automations", "可能需要自动化 · may need automations",
         "Page Viewed", "path", "contains", "/docs/automations", 3, 7, "person", "重复操作太多"),
        ("反复查看集成文档 · Keeps reading about integrations", "可能需要开放接口 · may need the open API",
         "Page Viewed", "path", "contains", "/docs/api", 3, 7, "person", ""),
    ):  # fmt: skip
        SignalRule.objects.create(
            name=name,
            need=need,
            event=event,
            conditions=[{"property": place, "operator": operator, "value": value}],
            times=times,
            window_days=days,
            per=per,
            pain=Pain.objects.filter(name_zh=pain).first() if pain else None,
        )


def _voice() -> None:
    """Say how the company writes; the wake-up message shows what becomes of a word that it avoids."""
    for english, chinese, avoid in (
        ("economical", "划算", "cheap\nlow-cost\n便宜\n廉价"),
        ("value case", "价值测算", "business case\nROI sheet\n收益表"),
        ("acceptance", "验收", "sign-off\n签收"),
    ):
        Wording.objects.add(english=english, chinese=chinese, avoid=avoid)


def _texts() -> None:
    for name, language, subject, body in (
        ("Prices", "en", "The numbers behind our prices", "Hello {{ contact }},\n\nyou looked at our prices. Shall we work out together what it would save {{ account }}?\n\n{{ owner }}"),
        ("Prices", "zh-hans", "价格背后的价值", "{{ contact }}，您好：\n\n您查看了我们的价格。我们可以一起为{{ account }}算一算能省下多少。\n\n{{ owner }}"),
        ("Wake-up", "en", "Can we help you get more out of it?", "Hello {{ contact }},\n\nfew of your colleagues signed in lately. Half an hour together is a cheap way to change that.\n\n{{ owner }}"),
        ("Wake-up", "zh-hans", "我们能帮上什么忙？", "{{ contact }}，您好：\n\n最近登录的同事不多。约半小时一起看看，是最便宜的办法。\n\n{{ owner }}"),
    ):  # fmt: skip
        Template.objects.create(name=name, language=language, subject=subject, body=body)
    TriggerRule.objects.create(name="Views the price page", value="/pricing", template="Prices", cap_days=14)
    for field, operator, value, points in (
        ("employees", "at_least", "50", 20), ("employees", "at_least", "200", 15), ("title", "contains", "CEO|Head|Director|总|经理", 20),
        ("phone", "given", "", 10), ("message", "contains", "price|demo|价格|试用", 15), ("email", "contains", "gmail|qq.com", -20),
    ):  # fmt: skip
        ScoreRule.objects.create(field=field, operator=operator, value=value, points=points)
    seller = User.objects.get(email="seller@demo.example")
    LeadForm.objects.create(slug="talk", title="Talk to us", language="en", source="Website", owner=seller)
    LeadForm.objects.create(slug="lianxi", title="联系我们", language="zh-hans", source="官网", owner=seller)
