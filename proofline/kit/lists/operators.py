"""The conditions that fields can be put under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Operator:
    """A condition: its name in addresses and the API, its words, how many values it takes, and which other one it denies."""

    name: str
    label: str | _StrPromise
    takes: Literal["nothing", "one", "two", "many", "days", "span"] = "one"
    denies: str = ""


EMPTINESS = (
    Operator("empty", _("is empty"), "nothing"),
    Operator("not_empty", _("is not empty"), "nothing", "empty"),
)
CHOOSING = (
    Operator("is", pgettext_lazy("filter", "is"), "many"),
    Operator("is_not", pgettext_lazy("filter", "is not"), "many", "is"),
)
WORDING = (
    Operator("contains", _("contains"), "many"),
    Operator("not_contains", _("does not contain"), "many", "contains"),
    Operator("starts", _("begins with"), "many"),
)
COMPARING = (
    Operator("is", "=", "many"),
    Operator("is_not", "≠", "many", "is"),
    Operator("lt", "<"),
    Operator("lte", "≤"),
    Operator("gt", ">"),
    Operator("gte", "≥"),
    Operator("between", _("between"), "two"),
)
BEFORE_AFTER = (
    Operator("on", pgettext_lazy("filter", "on")),
    Operator("before", _("before")),
    Operator("after", _("after")),
    Operator("between", _("between"), "two"),
)
PERIODS = (
    Operator("last", _("in the last days"), "days"),
    Operator("next", _("in the next days"), "days"),
    Operator("this", pgettext_lazy("filter", "within"), "span"),
)
IS_FLAG = (Operator("yes", _("yes"), "nothing"), Operator("no", _("no"), "nothing"))
