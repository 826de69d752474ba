"""Products from tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from proofline.kit.imports import values
from proofline.kit.imports.kinds import Field, Kind
from proofline.records.imports.keeping import RecordKeeper
from proofline.records.models import Product

if TYPE_CHECKING:
    from proofline.kit.imports.keeping import Entry


class ProductKeeper(RecordKeeper[Product]):
    """Keeps rows as products: found again by the source's id, else by name."""

    model = Product
    keys = ("external_id", "name")

    def make(self, entry: Entry) -> Product:
        """Return a new product; a price without a currency is in the workspace's."""
        product = super().make(entry)
        if product.list_price is not None and not product.currency:
            product.currency = self.workspace.currency
        return product


PRODUCTS = Kind(
    name="products",
    label=_("Products"),
    keeper=ProductKeeper,
    fields=(
        Field(
            name="external_id",
            label=_("id in the source"),
            aliases=("product id", "product code", "sku", "record id", "id", "产品编号", "产品编码", "编号"),
        ),
        Field(
            name="name", label=_("name"), required=True, aliases=("product", "product name", "产品", "产品名称", "名称")
        ),
        Field(
            name="series", label=_("series"), aliases=("product family", "product series", "family", "系列", "产品系列")
        ),
        Field(
            name="list_price",
            label=_("list price"),
            read=values.money,
            currency="currency",
            aliases=("sales price", "unit price", "price", "价格", "单价", "标价", "售价"),
        ),
        Field(
            name="currency",
            label=_("currency"),
            read=values.currency,
            aliases=("currency iso code", "currency code", "币种", "货币"),
        ),
        Field(
            name="description",
            label=_("description"),
            read=values.text,
            aliases=("product description", "描述", "说明", "产品描述"),
        ),
    ),
)
