"""Cells read as values. What can't be read says what is wrong and what is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.kit.imports.values.amounts import cents, currency, currency_in, money, number, whole
from proofline.kit.imports.values.days import Order, day, order_in, year
from proofline.kit.imports.values.refusing import refuse, shown
from proofline.kit.imports.values.texts import domain, email, line, phone, text, yes

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.kit.imports.cells import Cell

    Parser = Callable[[Cell], object]

__all__ = [
    "Order",
    "cents",
    "currency",
    "currency_in",
    "day",
    "domain",
    "email",
    "line",
    "money",
    "number",
    "order_in",
    "phone",
    "refuse",
    "shown",
    "text",
    "whole",
    "year",
    "yes",
]
