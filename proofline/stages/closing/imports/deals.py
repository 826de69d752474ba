"""The columns that deals can come with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from proofline.kit.imports import values
from proofline.kit.imports.kinds import Field, Kind
from proofline.records.imports.keeping import ACCOUNT_BY_NAME, ACCOUNT_NAMES, OWNER_NAMES
from proofline.stages.closing.imports.keeping import DealKeeper

DEALS = Kind(
    name="deals",
    label=_("Deals"),
    keeper=DealKeeper,
    any_of=(("external_id", "name"),),
    fields=(
        Field(
            name="external_id",
            label=_("id in the source"),
            aliases=("opportunity id", "deal id", "record id", "id", "商机编号", "商机id", "订单编号", "编号"),
        ),
        Field(
            name="name",
            label=_("name"),
            aliases=("deal name", "opportunity name", "deal", "opportunity", "商机名称", "商机", "项目名称", "名称"),
        ),
        Field(name="account", label=_("account"), known="account", aliases=("account id", *ACCOUNT_NAMES)),
        ACCOUNT_BY_NAME,
        Field(
            name="owner",
            label=_("owner"),
            known="user",
            aliases=("deal owner", "opportunity owner", "商机负责人", *OWNER_NAMES),
        ),
        Field(
            name="product",
            label=_("product"),
            known="product",
            aliases=("product name", "product id", "产品", "产品名称", "意向产品"),
        ),
        Field(
            name="stage",
            label=_("stage"),
            known="stage",
            aliases=("deal stage", "stage name", "status", "阶段", "销售阶段", "商机阶段", "状态"),
        ),
        Field(
            name="opened_on",
            label=_("opened"),
            read=values.day,
            aliases=(
                "engage date",
                "created date",
                "create date",
                "created at",
                "open date",
                "created",
                "创建日期",
                "创建时间",
                "开始日期",
            ),
        ),
        Field(
            name="close_on",
            label=_("closed"),
            read=values.day,
            aliases=(
                "close date",
                "closed date",
                "closed at",
                "closed",
                "成交日期",
                "关闭日期",
                "结单日期",
                "预计成交日期",
            ),
        ),
        Field(
            name="amount",
            label=_("amount"),
            read=values.money,
            currency="currency",
            aliases=("close value", "deal amount", "value", "deal value", "金额", "商机金额", "成交金额", "预计金额"),
        ),
        Field(
            name="currency",
            label=_("currency"),
            read=values.currency,
            aliases=("currency iso code", "opportunity currency", "deal currency code", "币种", "货币"),
        ),
        Field(
            name="source",
            label=_("source"),
            aliases=("lead source", "original source", "deal source", "来源", "商机来源"),
        ),
        Field(name="sector", label=_("industry"), aliases=("industry", "行业", "所属行业")),
        Field(name="next_step", label=_("next step"), aliases=("next steps", "下一步", "下一步计划")),
        Field(
            name="reason",
            label=_("why it was won or lost"),
            aliases=(
                "loss reason",
                "lost reason",
                "closed lost reason",
                "closed won reason",
                "输单原因",
                "赢单原因",
                "丢单原因",
            ),
        ),
    ),
)
