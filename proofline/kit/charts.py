"""Charts as plain data: what stands in them, in words, in units, and where a click leads. `{% chart spec %}` shows one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from proofline.kit import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    Number = int | float | Decimal

Tone = Literal["accent", "good", "warn", "bad", "info", "quiet"]


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


def bar(
    *,
    headline: str,
    unit: str,
    points: Sequence[Point],
    name: str = "",
    horizontal: bool = False,
    write: Callable[[Number], str] = formats.number,
) -> Chart:
    """Return zero-based bars, one per point."""
    values = Series(unit, [point.value for point in points], [point.url for point in points])
    return Chart(
        kind="bar",
        headline=headline,
        unit=unit,
        name=name,
        labels=[point.label for point in points],
        series=[values],
        notes=[point.note for point in points],
        horizontal=horizontal,
        write=write,
        height=max(120, 30 * len(points) + 30) if horizontal else 0,
    )


def grouped(
    *,
    headline: str,
    unit: str,
    labels: Sequence[str],
    series: Sequence[Series],
    name: str = "",
    stacked: bool = False,
    write: Callable[[Number], str] = formats.number,
) -> Chart:
    """Return bars of several series side by side, or on top of each other."""
    return Chart(
        kind="bar",
        headline=headline,
        unit=unit,
        name=name,
        labels=list(labels),
        series=list(series),
        stacked=stacked,
        write=write,
    )


def line(
    *,
    headline: str,
    unit: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[Number | None]],
    urls: Sequence[str] | Mapping[str, Sequence[str]] = (),
    name: str = "",
    stacked: bool = False,
    write: Callable[[Number], str] = formats.number,
) -> Chart:
    """Return lines over the labels (mostly times), each with its name written at its end; `stacked` makes areas of them.

    `urls` are the addresses of the values: the same for all lines, or each line's own by its name.
    """
    own = urls if isinstance(urls, Mapping) else dict.fromkeys(series, urls)
    runs = [Series(title, list(values), list(own.get(title, ()))) for title, values in series.items()]
    return Chart(
        kind="line",
        headline=headline,
        unit=unit,
        name=name,
        labels=list(labels),
        series=runs,
        stacked=stacked,
        write=write,
    )


def histogram(
    *,
    headline: str,
    unit: str,
    points: Sequence[Point],
    name: str = "",
    write: Callable[[Number], str] = formats.number,
) -> Chart:
    """Return how a quantity is spread: bars that touch, one per class."""
    return replace(bar(headline=headline, unit=unit, points=points, name=name, write=write), touching=True)


def sankey(
    *,
    headline: str,
    unit: str,
    nodes: Mapping[str, str],
    flows: Sequence[Flow],
    name: str = "",
    write: Callable[[Number], str] = formats.number,
) -> Chart:
    """Return flows from node to node, from left to right; no flow may lead back. `nodes` are labels by key."""
    labels = [f"{nodes[flow.source]} → {nodes[flow.target]}" for flow in flows]
    values = Series(unit, [flow.value for flow in flows], [flow.url for flow in flows])
    return Chart(
        kind="sankey",
        headline=headline,
        unit=unit,
        name=name,
        labels=labels,
        series=[values],
        nodes=dict(nodes),
        flows=[(flow.source, flow.target) for flow in flows],
        write=write,
        height=min(520, max(260, 34 * len(nodes))),
    )


def funnel(
    *,
    headline: str,
    unit: str,
    points: Sequence[Point],
    name: str = "",
    write: Callable[[Number], str] = formats.number,
) -> Chart:
    """Return the steps of a funnel from left to right; a point's note says what passed from the step before."""
    notes = [points[0].note] if points else []
    for before, point in pairwise(points):
        share = float(point.value or 0) / float(before.value) if before.value else None
        notes.append(point.note or (formats.percent(share) if share is not None else ""))
    values = Series(unit, [point.value for point in points], [point.url for point in points])
    return Chart(
        kind="funnel",
        headline=headline,
        unit=unit,
        name=name,
        labels=[point.label for point in points],
        series=[values],
        notes=notes,
        write=write,
    )
