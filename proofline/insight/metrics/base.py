"""What a metric is: a sentence, a unit, SQL over the timeline's facts, and where its records are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from proofline.insight.scope import owners_seen_by
from proofline.records.models import Workspace
from proofline.timeline import columns, store

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User

CENT = Decimal("0.01")


class UnknownMetricError(LookupError):
    """There is no metric of that name."""


class UnknownDimensionError(LookupError):
    """A metric can't be sliced by that."""


class Unit(TextChoices):
    """What a metric counts in; money is in the workspace's currency."""

    DEALS = "deals", _("deals")
    LEADS = "leads", _("leads")
    PERCENT = "%", "%"
    DAYS = "days", _("days")
    MONEY = "money", _("money")


DIMENSIONS: dict[str, Any] = {
    "owner": _("Owner"),
    "team": _("Team"),
    "product": _("Product"),
    "source": _("Source"),
    "sector": _("Industry"),
    "month": _("Month"),
}
"""By what every metric can be sliced: the properties that facts carry, and the month in the workspace's time zone."""


@dataclass(frozen=True)
class Row:
    """One slice: its name as people see it ("" where the fact has none) and its value."""

    key: str
    value: Decimal | None
    count: int = 0
    """How many records stand behind the value."""


@dataclass(frozen=True)
class Result:
    """A metric's value with its slices. `unit` is "deals", "leads", "%", "days" or a currency."""

    metric: str
    unit: str
    value: Decimal | None
    count: int = 0
    rows: list[Row] = field(default_factory=list)


class Metric(ABC):
    """One metric.

    `sql` gives rows (key, upper, lower): sums that add up over slices. The value is `upper` alone, or `upper / lower`.
    It is a template with the places {slice} (the property that slices), {key} (what the rows are named by), {scope} (whose
    records) and {period}.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    sentence: ClassVar[Any]
    unit: ClassVar[Unit]
    sql: ClassVar[str]
    example: ClassVar[str]
    records: ClassVar[tuple[str, dict[str, str]]]
    """Where the records behind it are listed: the list's name and its filters."""
    least_first: ClassVar[bool] = False
    """Whether the smallest value is the best."""
    month_of: ClassVar[str]
    """The time whose month slices it, in the SQL."""

    def compute(
        self,
        *,
        by: str | None = None,
        user: User | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
    ) -> Result:
        """Compute the metric over the facts that the user may see; over all of them when `user` is None.

        Args:
            by: a dimension to slice by.
            user: for whom.
            from_: count only what happened from then on.
            to: and before then.

        Raises:
            UnknownDimensionError: `by` is no dimension.
        """
        workspace = Workspace.current()
        sql, parameters = self.query(by=by, user=user, from_=from_, to=to, zone=workspace.time_zone)
        found = [
            (str(key), Decimal(str(upper)), Decimal(str(lower))) for key, upper, lower in store.query(sql, parameters)
        ]
        upper, lower = sum(row[1] for row in found), sum(row[2] for row in found)
        rows = [Row(key, self.value(upper, lower), int(lower)) for key, upper, lower in found] if by else []
        return Result(
            metric=self.name,
            unit=workspace.currency if self.unit == Unit.MONEY else self.unit.value,
            value=self.value(Decimal(upper), Decimal(lower)),
            count=int(lower),
            rows=sorted(rows, key=(lambda row: row.key) if by == "month" else self.by_value),
        )

    def query(
        self, *, by: str | None, user: User | None, from_: datetime | None, to: datetime | None, zone: str
    ) -> tuple[str, dict[str, Any]]:
        """Return the SQL and its bound parameters."""
        if by is not None and by not in DIMENSIONS:
            raise UnknownDimensionError(f"{by!r} is no dimension; there are: {', '.join(DIMENSIONS)}.")
        parameters: dict[str, Any] = {}
        key, part, scope, period = "''", "''", "1", []
        if by == "month":
            key, parameters["zone"] = f"formatDateTime({self.month_of}, '%Y-%m', {{zone:String}})", zone
        elif by:
            key, part, parameters["by"] = "slice", columns.text("{by:Identifier}"), by
        owners = owners_seen_by(user) if user else None
        if owners is not None:
            scope, parameters["owners"] = "owner_id IN {owners:Array(String)}", owners
        if from_:
            period.append(f"{self.month_of} >= {{from:DateTime64(3)}}")
            parameters["from"] = from_
        if to:
            period.append(f"{self.month_of} < {{to:DateTime64(3)}}")
            parameters["to"] = to
        places = {"key": key, "slice": part, "scope": scope, "period": " AND ".join(period) or "1"}
        sql = self.sql
        for name, text in places.items():
            sql = sql.replace("{" + name + "}", text)
        return sql, parameters

    def by_value(self, row: Row) -> tuple[bool, Decimal, str]:
        """Order slices by their value, the best first; those without one last."""
        value = row.value or Decimal(0)
        return row.value is None, value if self.least_first else -value, row.key

    @abstractmethod
    def value(self, upper: Decimal, lower: Decimal) -> Decimal | None:
        """Return the value of two sums; None where there is nothing to say."""


def plain(value: Decimal | None) -> int | float | None:
    """Return a number as JSON writes it: whole ones without a point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def summed(columns: str, *, over: str, among: str = "1") -> str:
    """Return the SQL of sums over the rows of a query, those that `among` keeps, as `Metric.sql` wants it."""
    rows = indent(dedent(over).strip(), "    ")
    return (
        f"SELECT {{key}} AS key, {columns}\nFROM (\n{rows}\n)\nWHERE {among} AND {{scope}} AND {{period}}\nGROUP BY key"
    )


class Total(Metric):
    """A metric that is a sum."""

    def value(self, upper: Decimal, lower: Decimal) -> Decimal | None:
        """Return the sum as it is."""
        del lower
        return upper


class Share(Metric):
    """A metric that is a share, in percent with two decimals."""

    def value(self, upper: Decimal, lower: Decimal) -> Decimal | None:
        """Return 100 × upper / lower; None of nothing."""
        return (100 * upper / lower).quantize(CENT, ROUND_HALF_UP) if lower else None


class Mean(Metric):
    """A metric that is a mean, with two decimals."""

    def value(self, upper: Decimal, lower: Decimal) -> Decimal | None:
        """Return upper / lower; None of nothing."""
        return (upper / lower).quantize(CENT, ROUND_HALF_UP) if lower else None
