"""An answer as the page tells it: the finding in words, a chart, and a table whose numbers lead to the people behind them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.insight.explore import finding, wording
from proofline.kit import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.insight.explore.asked import Asked
    from proofline.kit.charts import Chart
    from proofline.records.models import User

HEAT = 10


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer: the question's field that is wrong, or "" when the events can't be read."""

    message: str
    field: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of the table: what it says, where it leads, how dark it is (0 to 10)."""

    text: str
    url: str = ""
    is_number: bool = False
    note: str = ""
    heat: int | None = None


@dataclass(frozen=True)
class Told:
    """All that the page shows of an answer, or why there is none."""

    headline: str = ""
    chart: Chart | None = None
    heads: list[Head] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    note: str = ""
    heat: bool = False
    trouble: Trouble | None = None
    no_events: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.rows

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer, be it an empty one."""
        return self.trouble is None and bool(self.heads)

    @property
    def has_people(self) -> bool:
        """Whether a number leads to people."""
        return any(cell.url and cell.is_number for row in self.rows for cell in row)


class Teller:
    """What the answers of all kinds need to be told: addresses of people, cells, heads."""

    def __init__(self, asked: Asked, *, zone: str, user: User) -> None:
        self.asked = asked
        self.zone = zone
        self.user = user
        self._accounts: dict[str, str] = {}

    def know(self, keys: Iterable[str]) -> None:
        """Look up once how the accounts are called that the slices are, when they are accounts."""
        by = self.asked.question.get("by")
        if isinstance(by, dict) and (by.get("of"), by.get("name")) == ("account", "id"):
            self._accounts = finding.account_names(list(keys), user=self.user)

    @property
    def running(self) -> str:
        """The note on an answer up to now, whose last interval is not over yet."""
        return "" if self.asked.question.get("to") else _("The last interval is not over yet.")

    def people(self, **at: Any) -> str:
        """Return the address of the people behind a cell of the answer."""
        return self.asked.url_of("people", at=json.dumps(at, ensure_ascii=False, separators=(",", ":")))

    def slice(self, key: str, *, others: bool = False) -> str:
        """Return how a slice of a breakdown is called."""
        by = self.asked.question.get("by")
        of = by.get("of", "property") if isinstance(by, dict) else "property"
        if others:
            return _("(others)")
        if not key:
            return _("None given")
        return str(wording.KINDS_OF_EVENT.get(key, key)) if of == "kind" else self._accounts.get(key, key)

    def number(self, value: float | None, *, note: str = "", **at: Any) -> Cell:
        """Return a number that leads to the people behind it; nothing leads nowhere."""
        url = self.people(**at) if value and at else ""
        return Cell(formats.number(value), url, is_number=True, note=note)


def plain(text: str) -> Cell:
    """Return a cell of words."""
    return Cell(text)


def share(value: float | None) -> Cell:
    """Return a cell with a share."""
    return Cell(formats.percent(value, digits=1), is_number=True)


def heads(words: Sequence[str], numbers: Sequence[str]) -> list[Head]:
    """Return the heads of columns of words, then of numbers."""
    return [Head(word) for word in words] + [Head(number, is_number=True) for number in numbers]


def heat(value: float | None) -> int | None:
    """Return how dark a share is, 0 to 10."""
    return None if value is None else min(HEAT, max(0, round(value * HEAT)))
