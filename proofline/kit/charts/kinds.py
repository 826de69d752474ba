"""The kinds of charts, each made by one function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from proofline.kit import formats
from proofline.kit.charts.chart import Chart, Flow, Point, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from proofline.kit.charts.chart import Number


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
