"""The parts that pages are made of, as plain data: lists, filters, marks, tabs. See WEB.md for how they look and combine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _

from proofline.kit.paging import Page, paginate
from proofline.kit.search.narrowing import searched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
    Kind = Literal["text", "number", "money", "percent", "date", "when", "user", "badge", "html"]
    MarkState = Literal["empty", "done", "due", "missed"]

__all__ = [
    "Column",
    "Empty",
    "Filter",
    "ListPage",
    "Mark",
    "Page",
    "Tab",
    "follower",
    "paginate",
    "searched",
    "strip",
    "toast",
]


@dataclass(frozen=True)
class Column:
    """A column of a list.

    `value` is an attribute path (`"owner.name"`, also a method without arguments) or a function of the row; `url` likewise gives
    the address that the cell leads to (the first column leads to the row's `get_absolute_url()` on its own). A cell that needs
    more names a `template`, which gets `row`, `value` and `today`. `sort` is the field that a click on the head sorts by.
    """

    label: Text
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    url: str | Callable[[Any], str] = ""
    sort: str = ""
    template: str = ""
    currency: str | Callable[[Any], str] = "currency"
    """For kind "money": the path to the currency, or a function of the row."""

    @property
    def is_number(self) -> bool:
        """Whether its cells stand at the right in tabular figures."""
        return self.kind in {"number", "money", "percent"}

    def of(self, row: Any) -> Any:
        """Return the cell's value."""
        return _follow(row, self.value)

    def url_of(self, row: Any) -> str:
        """Return where the cell leads, "" for nowhere."""
        return str(_follow(row, self.url) or "") if self.url else ""

    def currency_of(self, row: Any) -> str:
        """Return the currency of a cell of money."""
        return str(_follow(row, self.currency) or "")


def follower(path: str | Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what finds a value of a row by its path (`"owner.name"`); None where a part of it is not there."""
    if callable(path):
        return path
    parts = path.split(".") if path else []

    def follow(row: Any) -> Any:
        for part in parts:
            row = row.get(part) if isinstance(row, dict) else getattr(row, part, None)
            if callable(row):
                row = row()
        return row

    return follow


def _follow(row: Any, path: str | Callable[[Any], Any]) -> Any:
    return follower(path)(row)


@dataclass(frozen=True)
class Empty:
    """What an empty list shows: one example of what belongs here and one button."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    icon: str = "inbox"


@dataclass(frozen=True)
class Filter:
    """A filter, shown as a readable chip ("Owner is me").

    `choices` are (value in the address, label) pairs; `apply` narrows the queryset for a chosen value. A filter that is not `is_offered`
    has too many choices to offer: it is there for addresses that lead to it, takes any value, and shows when it is chosen.
    """

    name: str
    label: Text
    choices: Sequence[tuple[str, Text]]
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    is_offered: bool = True

    def takes(self, value: str) -> bool:
        """Whether the value can be chosen."""
        return not self.is_offered or value in {str(choice) for choice, _label in self.choices}


@dataclass(frozen=True)
class Chip:
    """A filter as it stands now: its chosen label, its choices' addresses and the one that takes it away."""

    label: str
    chosen: str
    choices: list[tuple[str, str, bool]]
    remove: str


@dataclass
class ListPage:
    """A list of records: filters, search, order and paging from the address, columns to show.

    Use in a view: `return ListPage(request, queryset=…, columns=[…], …).render("records/accounts.html")`, where the template
    extends `kit/list.html`.
    """

    request: HttpRequest
    queryset: QuerySet[Any]
    columns: Sequence[Column]
    order: Sequence[str] = ("-pk",)
    per: int = 50
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    """Fields that `?q=` looks into."""
    empty: Empty = field(default_factory=lambda: Empty(_("Nothing here yet")))
    row_url: Callable[[Any], str] | None = None
    """Where a row's first column leads when the record has no `get_absolute_url`."""

    def __post_init__(self) -> None:
        self.query = self.request.GET.get("q", "").strip()
        self.sort = self._sort()
        self.everything = self._narrowed()
        self.page: Page = paginate(self.everything, self.request, self._order(), self.per)

    @property
    def rows(self) -> list[Any]:
        """The rows of this page."""
        return self.page.rows

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.query) or any(self.request.GET.get(item.name) for item in self.filters)

    @property
    def chips(self) -> list[Chip]:
        """The filters with their choices."""
        return [self._chip(item) for item in self.filters if item.is_offered or self.request.GET.get(item.name)]

    @property
    def heads(self) -> list[tuple[Column, str, str]]:
        """Each column with the address that sorts by it ("" when it does not sort) and "ascending", "descending" or ""."""
        return [self._head(column) for column in self.columns]

    @property
    def clear(self) -> str:
        """The address without search and filters."""
        return self.request.path

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a new search keeps of the address."""
        return [(k, str(v)) for k, v in self.request.GET.items() if k not in {"q", "after", "before"}]

    def url_of(self, row: Any) -> str:
        """Return the address of a row's own page."""
        if self.row_url:
            return self.row_url(row)
        return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""

    def render(self, template: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
        """Answer with the page, which gets the list as `listing`."""
        return render(self.request, template, {**(context or {}), "listing": self})

    def _narrowed(self) -> QuerySet[Any]:
        queryset = self.queryset
        for item in self.filters:
            value = self.request.GET.get(item.name, "")
            if value and item.takes(value):
                queryset = item.apply(queryset, value)
        return searched(queryset, self.query, self.search)

    def _sort(self) -> str:
        wanted = self.request.GET.get("sort", "")
        known = {column.sort for column in self.columns if column.sort}
        return wanted if wanted.removeprefix("-") in known else ""

    def _order(self) -> Sequence[str]:
        return (self.sort,) if self.sort else self.order

    def _address(self, **changes: str) -> str:
        query = self.request.GET.copy()
        for name in ("after", "before", *changes):
            query.pop(name, None)
        for name, value in changes.items():
            if value:
                query[name] = value
        return f"?{query.urlencode()}" if query else self.request.path

    def _chip(self, item: Filter) -> Chip:
        value = self.request.GET.get(item.name, "")
        chosen = next((str(label) for choice, label in item.choices if str(choice) == value), "")
        chosen = chosen or ("" if item.is_offered else value)
        choices = [
            (str(label), self._address(**{item.name: str(choice)}), str(choice) == value)
            for choice, label in item.choices
        ]
        return Chip(label=str(item.label), chosen=chosen, choices=choices, remove=self._address(**{item.name: ""}))

    def _head(self, column: Column) -> tuple[Column, str, str]:
        if not column.sort:
            return column, "", ""
        now = "ascending" if self.sort == column.sort else "descending" if self.sort == f"-{column.sort}" else ""
        return column, self._address(sort=f"-{column.sort}" if now == "ascending" else column.sort), now


@dataclass(frozen=True)
class Tab:
    """A tab of a record page; it leads to an address, so that back and sharing work."""

    label: str
    url: str
    active: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Mark:
    """One mark of the proof strip: how true it is, its number with unit, its date, and the address of its evidence."""

    state: MarkState = "empty"
    number: str = ""
    unit: str = ""
    date: date | datetime | None = None
    url: str = ""


def strip(
    *,
    promised: Mark | None = None,
    priced: Mark | None = None,
    signed: Mark | None = None,
    measured: Mark | None = None,
    kept: Mark | None = None,
) -> list[Mark]:
    """Return the five marks of the proof strip in their order; a mark that is not given is empty."""
    return [mark or Mark() for mark in (promised, priced, signed, measured, kept)]


def toast(request: HttpRequest, text: str, *, undo: str = "", level: int = messages.SUCCESS) -> None:
    """Tell the user something on the next page or swap; `undo` is an address that takes it back by POST."""
    messages.add_message(request, level, text, extra_tags=undo)
