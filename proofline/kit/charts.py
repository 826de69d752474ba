"""Charts as plain data: what stands in them, in words, in units, and where a click leads. `{% chart spec %}` shows one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from proofline.kit import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
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
class Chart:
    """A chart: a headline that says the finding in words, the unit, the labels and the series.

    `name` heads the labels in the table behind the chart ("Month", "Owner"); `horizontal` is for long labels.
    """

    kind: Literal["bar", "line", "funnel"]
    headline: str
    unit: str
    name: str
    labels: list[str]
    series: list[Series]
    notes: list[str] = field(default_factory=list)
    horizontal: bool = False
    stacked: bool = False
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
    urls: Sequence[str] = (),
    name: str = "",
    write: Callable[[Number], str] = formats.number,
) -> Chart:
    """Return lines over the labels (mostly times), each with its name written at its end."""
    runs = [Series(title, list(values), list(urls)) for title, values in series.items()]
    return Chart(kind="line", headline=headline, unit=unit, name=name, labels=list(labels), series=runs, write=write)


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
