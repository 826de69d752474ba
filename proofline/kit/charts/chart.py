"""What a chart is made of: points, series, flows; in words, in units, and where a click leads."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from proofline.kit import formats

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    Number = int | float | Decimal

Tone = Literal["accent", "good", "warn", "bad", "info", "quiet", "second"]


@dataclass(frozen=True)
class Point:
    """One value with its label and the address of the records behind it."""

    label: str
    value: Number | None
    url: str = ""
    tone: Tone = "accent"
    note: str = ""
    """Said beside the value, such as "−38 %" between two steps of a funnel."""


@dataclass(frozen=True)
class Series:
    """A named run of values over the chart's labels."""

    name: str
    values: list[Number | None]
    urls: list[str] = field(default_factory=list)
    tone: Tone = "accent"


@dataclass(frozen=True)
class Flow:
    """How much goes from one node to another, by their keys."""

    source: str
    target: str
    value: Number
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart: a headline that says the finding in words, the unit, the labels and the series.

    `name` heads the labels in the table behind the chart ("Month", "Owner"); `horizontal` is for long labels.
    """

    kind: Literal["bar", "line", "funnel", "sankey"]
    headline: str
    unit: str
    name: str
    labels: list[str]
    series: list[Series]
    notes: list[str] = field(default_factory=list)
    horizontal: bool = False
    stacked: bool = False
    touching: bool = False
    """Bars without gaps: the labels are neighbouring classes of one quantity."""
    nodes: dict[str, str] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)
    """Of a sankey: what its nodes are called, by key; and from which to which the values of its one series flow."""
    write: Callable[[Number], str] = field(default=formats.number, compare=False)
    height: int = 0

    @property
    def table(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The rows of the table behind: (label, [(value as written, address), …])."""
        return [
            (
                label,
                [
                    (self._written(series.values[index]), series.urls[index] if series.urls else "")
                    for series in self.series
                ],
            )
            for index, label in enumerate(self.labels)
        ]

    def data(self) -> dict[str, Any]:
        """Return what the browser draws from, ready for JSON."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "labels": self.labels,
            "notes": self.notes,
            "horizontal": self.horizontal,
            "stacked": self.stacked,
            "touching": self.touching,
            "nodes": self.nodes,
            "flows": self.flows,
            "series": [
                asdict(series)
                | {
                    "values": [None if value is None else float(value) for value in series.values],
                    "written": [self._written(value) for value in series.values],
                }
                for series in self.series
            ],
        }

    def _written(self, value: Number | None) -> str:
        return formats.NOTHING if value is None else self.write(value)
