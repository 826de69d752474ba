"""The library from tables: modules of products, evidence, competitors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit.imports import values
from proofline.kit.imports.kinds import Field, Kind
from proofline.kit.imports.trouble import CellError
from proofline.kit.text import squeeze
from proofline.records.imports.keeping import RecordKeeper
from proofline.records.models import Competitor, Evidence, Module

if TYPE_CHECKING:
    from proofline.kit.imports.cells import Cell
    from proofline.kit.imports.keeping import Entry

CHINESE_KINDS = {
    Evidence.Kind.STORY: ("客户案例", "案例", "case study", "success story"),
    Evidence.Kind.CERTIFICATE: ("证书", "认证"),
    Evidence.Kind.REPORT: ("报告",),
    Evidence.Kind.REVIEW: ("评测", "评价"),
    Evidence.Kind.TESTIMONIAL: ("推荐语", "证言", "quote"),
}
EVIDENCE_KINDS = {
    squeeze(word): kind for kind, words in CHINESE_KINDS.items() for word in (kind.value, kind.name, *words)
}


def evidence_kind(cell: Cell) -> str:
    """Read a kind of evidence, in either language.

    Raises:
        CellError: it is none.
    """
    found = EVIDENCE_KINDS.get(squeeze(values.line(cell)))
    if found is None:
        raise CellError(
            gettext("“%(value)s” is no kind of evidence; expected one of %(kinds)s")
            % {"value": values.shown(cell), "kinds": ", ".join(kind.value for kind in Evidence.Kind)}
        )
    return found.value


def web_address(cell: Cell) -> str:
    """Read the address of a web page; one without `https://` gets it."""
    written = values.line(cell)
    return written if "://" in written else f"https://{written}"


class ModuleKeeper(RecordKeeper[Module]):
    """Keeps rows as modules: found again by name within the product."""

    model = Module
    keys = ("name+product",)
    lists = ("product",)

    def make(self, entry: Entry) -> Module:
        """Return a new module; a price without a currency is in the workspace's."""
        module = super().make(entry)
        if module.monthly_price is not None and not module.currency:
            module.currency = self.workspace.currency
        return module


class EvidenceKeeper(RecordKeeper[Evidence]):
    """Keeps rows as evidence: found again by title."""

    model = Evidence
    keys = ("title",)
    lists = ("account",)

    def make(self, entry: Entry) -> Evidence:
        """Return new evidence: a customer story, where the row does not say what it is."""
        evidence = super().make(entry)
        evidence.kind = evidence.kind or Evidence.Kind.STORY
        return evidence


class CompetitorKeeper(RecordKeeper[Competitor]):
    """Keeps rows as competitors: found again by name."""

    model = Competitor
    keys = ("name",)


def _text(name: str, label: Any, *aliases: str) -> Field:
    return Field(name=name, label=label, read=values.text, aliases=aliases)


MODULES = Kind(
    name="modules",
    label=_("Modules"),
    keeper=ModuleKeeper,
    fields=(
        Field(
            name="name", label=_("name"), required=True, aliases=("module", "module name", "模块", "模块名称", "名称")
        ),
        Field(
            name="product",
            label=_("product"),
            known="product",
            required=True,
            aliases=("product name", "产品", "产品名称", "所属产品"),
        ),
        Field(name="name_zh", label=_("name in Chinese"), aliases=("chinese name", "name zh", "中文名称", "中文名")),
        _text("description", _("description"), "描述", "说明"),
        Field(name="feature_key", label=_("feature key"), aliases=("feature", "功能标识")),
        Field(
            name="monthly_price",
            label=_("price a month as an add-on"),
            read=values.money,
            currency="currency",
            aliases=("price", "monthly price", "月价", "价格", "单价"),
        ),
        Field(name="currency", label=_("currency"), read=values.currency, aliases=("currency code", "币种", "货币")),
    ),
)
EVIDENCE = Kind(
    name="evidence",
    label=_("Evidence"),
    keeper=EvidenceKeeper,
    fields=(
        Field(name="title", label=_("title"), required=True, aliases=("name", "headline", "标题", "名称")),
        Field(name="kind", label=_("kind"), read=evidence_kind, aliases=("type", "类型", "种类")),
        _text("body", _("text"), "story", "content", "description", "正文", "内容", "描述"),
        Field(name="result", label=_("result in numbers"), aliases=("results", "outcome", "成果", "效果")),
        Field(name="source_url", label=_("link"), read=web_address, aliases=("url", "website", "链接", "网址")),
        Field(
            name="account",
            label=_("customer"),
            known="account",
            aliases=("customer", "company", "account name", "客户", "公司"),
        ),
        Field(name="sector", label=_("industry"), aliases=("industry", "行业")),
        Field(
            name="permission",
            label=_("may be shown to customers"),
            read=values.yes,
            aliases=("public", "approved", "可公开", "可展示"),
        ),
        Field(name="published_on", label=_("published on"), read=values.day, aliases=("date", "published", "发布日期")),
        Field(
            name="valid_until", label=_("valid until"), read=values.day, aliases=("expires", "expiry date", "有效期至")
        ),
    ),
)
COMPETITORS = Kind(
    name="competitors",
    label=_("Competitors"),
    keeper=CompetitorKeeper,
    fields=(
        Field(
            name="name",
            label=_("name"),
            required=True,
            aliases=("competitor", "competitor name", "company", "竞争对手", "竞品", "名称"),
        ),
        Field(name="website", label=_("website"), read=web_address, aliases=("url", "domain", "网站", "网址", "官网")),
        _text("strengths", _("strengths"), "pros", "优势"),
        _text("gaps", _("gaps"), "weaknesses", "cons", "不足", "劣势"),
        _text("difference", _("our difference"), "differentiation", "我们的差异", "差异"),
        Field(name="checked_on", label=_("checked on"), read=values.day, aliases=("date", "核对日期")),
    ),
)
