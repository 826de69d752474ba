"""Charts as plain data: what stands in them, in words, in units, and where a click leads. `{% chart spec %}` shows one."""

from proofline.kit.charts.chart import Chart, Flow, Point, Series, Tone
from proofline.kit.charts.kinds import bar, funnel, grouped, histogram, line, sankey

__all__ = [
    "Chart",
    "Flow",
    "Point",
    "Series",
    "Tone",
    "bar",
    "funnel",
    "grouped",
    "histogram",
    "line",
    "sankey",
]
