"""Drawings, made on the server as SVG, so that page, print and PDF show the same: the steps of work, the payback, what moves the outcome most."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.stages.discovery.roi import decimal
from proofline.stages.discovery.sketching import (
    ACCENT,
    GOOD,
    GROUND,
    INK,
    NAME_WIDTH,
    QUIET,
    RULE,
    drawn_once,
    svg,
    wrap,
)

if TYPE_CHECKING:
    from proofline.stages.discovery.flows import Step
    from proofline.stages.discovery.risk import Swing
    from proofline.stages.discovery.roi import Roi

WIDTH, PADDING, LINE, ARROW = 360, 16, 20, 22
MINUTES_AN_HOUR = 60


def minutes_text(minutes: Decimal) -> str:
    """Write minutes as people say them: 45 min, 2 h 15 min."""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    values = {"hours": formats.number(hours), "minutes": formats.number(rest)}
    if not hours:
        return _("%(minutes)s min") % values
    return _("%(hours)s h %(minutes)s min") % values if rest else _("%(hours)s h") % values


@drawn_once
def flow(steps: tuple[Step, ...], *, longest: Decimal, color: str = ACCENT) -> SafeString:
    """Draw steps under each other, joined by arrows; the bar in each is its share of `longest` minutes."""
    parts, y = [], 1.0
    for number, step in enumerate(steps):
        if number:
            parts.append(_arrow(y))
            y += ARROW
        lines = wrap(step.name, NAME_WIDTH)
        height = 2 * PADDING + LINE * len(lines) + 6
        parts.append(_step(step, lines, y=y, height=height, longest=longest, color=color))
        y += height
    said = "; ".join(f"{step.name}, {minutes_text(step.minutes)}" for step in steps)
    return svg(WIDTH, y + 1, said, SafeString("".join(parts)))


def _step(step: Step, lines: list[str], *, y: float, height: float, longest: Decimal, color: str) -> SafeString:
    share = float(step.minutes / longest) if longest else 0.0
    texts = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="14" fill="{}" class="ink">{}</text>',
        ((PADDING, y + PADDING + 14 + LINE * index, INK, line) for index, line in enumerate(lines)),
    )
    return format_html(
        '<rect x="1" y="{y}" width="{w}" height="{h}" rx="8" fill="{ground}" stroke="{rule}" class="box"/>{texts}'
        '<text x="{right}" y="{first}" text-anchor="end" font-size="13" font-weight="600" fill="{ink}" class="ink">{minutes}</text>'
        '<rect x="{pad}" y="{bar}" width="{full}" height="4" rx="2" fill="{rule}" class="track"/>'
        '<rect x="{pad}" y="{bar}" width="{part}" height="4" rx="2" fill="{color}" class="{kind}"/>',
        y=y, w=WIDTH - 2, h=height, ground=GROUND, rule=RULE, texts=texts, right=WIDTH - PADDING, first=y + PADDING + 14, ink=INK,
        minutes=minutes_text(step.minutes), pad=PADDING, bar=y + height - PADDING, full=WIDTH - 2 * PADDING,
        part=round(share * (WIDTH - 2 * PADDING), 1), color=color, kind="good" if color == GOOD else "quiet-fill",
    )  # fmt: skip


def _arrow(y: float) -> SafeString:
    middle = WIDTH / 2
    return format_html(
        '<path d="M{x} {a}V{b}M{l} {c}L{x} {b}L{r} {c}" fill="none" stroke="{q}" stroke-width="1.5" class="line"/>',
        x=middle, a=y + 3, b=y + ARROW - 4, l=middle - 4, r=middle + 4, c=y + ARROW - 9, q=QUIET,
    )  # fmt: skip


CHART_WIDTH, CHART_HEIGHT = 480, 270
LEFT, RIGHT, TOP, BOTTOM = 74, 16, 28, 34
TICKS = 4
MOST_MARKS = 6
LABEL_WIDTH, LABEL_HEIGHT = 90, 28


@drawn_once
def payback(roi: Roi, *, currency: str) -> SafeString:
    """Draw cumulated return against cumulated investment, month by month, and where they meet."""
    last = max(roi.months, 2)
    top = max(roi.returned(last), roi.investment.by(last), Fraction(1))

    def at(month: float, amount: Fraction | int) -> tuple[float, float]:
        x = LEFT + (CHART_WIDTH - LEFT - RIGHT) * month / last
        y = CHART_HEIGHT - BOTTOM - (CHART_HEIGHT - TOP - BOTTOM) * float(amount) / float(top)
        return round(x, 1), round(y, 1)

    returned = [at(month, roi.returned(month)) for month in range(last + 1)]
    invested = [at(month, roi.investment.by(month)) for month in range(last + 1)]
    parts = [
        *(_tick(at(0, amount)[1], Decimal(amount), currency) for amount in _round_amounts(int(top))),
        *(_month(at(month, 0)[0], month, last=month == last) for month in _marked_months(last)),
        _line(invested, QUIET, "line", "6 4"),
        _line(returned, GOOD, "good-line", ""),
        _end(returned[-1], _("value"), GOOD, "good", above=returned[-1][1] <= invested[-1][1]),
        _end(invested[-1], _("investment"), QUIET, "quiet", above=_has_room_above(invested[-1], returned)),
    ]
    if roi.payback_month and roi.payback_month <= last:
        parts.append(_meeting(at(roi.payback_month, roi.returned(roi.payback_month)), roi.payback_month))
    return svg(CHART_WIDTH, CHART_HEIGHT, payback_text(roi), SafeString("".join(parts)))


MOST_SWINGS, SWING_HEIGHT, SWING_BAR = 8, 46, 12


@drawn_once
def tornado(swings: tuple[Swing, ...], *, currency: str, color: str = ACCENT) -> SafeString:
    """Draw how far each line moves the outcome: a bar from its low to its high value, the widest above; "" for none."""
    shown = swings[:MOST_SWINGS]
    if not shown:
        return SafeString("")
    low, high = min(swing.low for swing in shown), max(swing.high for swing in shown)

    def at(amount: Fraction) -> float:
        return round(PADDING + (CHART_WIDTH - 2 * PADDING) * float((amount - low) / (high - low)), 1)

    parts = [
        _swing(swing, at(swing.low), at(swing.high), SWING_HEIGHT * row, currency, color)
        for row, swing in enumerate(shown)
    ]
    said = "; ".join(
        f"{swing.name}: {_amount(swing.low, currency)} – {_amount(swing.high, currency)}" for swing in shown
    )
    return svg(CHART_WIDTH, SWING_HEIGHT * len(shown), said, SafeString("".join(parts)))


def _swing(swing: Swing, left: float, right: float, top: float, currency: str, color: str) -> SafeString:
    return format_html(
        '<text x="{pad}" y="{text}" font-size="14" fill="{ink}" class="ink">{name}</text>'
        '<text x="{end}" y="{text}" text-anchor="end" font-size="13" fill="{quiet}" class="quiet">{low} – {high}</text>'
        '<rect x="{pad}" y="{bar}" width="{full}" height="{thick}" rx="2" fill="{rule}" class="track"/>'
        '<rect x="{left}" y="{bar}" width="{width}" height="{thick}" rx="2" fill="{accent}" class="accent-fill"/>',
        pad=PADDING, text=top + 17, ink=INK, name=wrap(swing.name, NAME_WIDTH, most=1)[0], end=CHART_WIDTH - PADDING, quiet=QUIET,
        low=_amount(swing.low, currency), high=_amount(swing.high, currency), bar=top + 25, full=CHART_WIDTH - 2 * PADDING, thick=SWING_BAR,
        rule=RULE, left=left, width=max(2.0, round(right - left, 1)), accent=color,
    )  # fmt: skip


def _amount(value: Fraction, currency: str) -> str:
    return formats.money(decimal(value, places=0), currency, short=True)


def payback_text(roi: Roi) -> str:
    """Say when the investment is paid back."""
    if not roi.investment.by(roi.payback_month or roi.months):
        return _("Nothing has to be invested.")
    if roi.payback_month is None:
        return _("The investment is not paid back.")
    return _("Paid back in month %(month)s.") % {"month": formats.number(roi.payback_month)}


def _round_amounts(top: int) -> range:
    """Return zero and the round amounts up to the top, about `TICKS` of them."""
    rough = max(1, top // TICKS)
    power = 10 ** (len(str(rough)) - 1)
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return range(0, top + 1, step)


def _marked_months(last: int) -> list[int]:
    """Return the months with a mark: evenly spaced, the last one always, none so near to it that they touch."""
    step = max(1, -(-last // MOST_MARKS))
    return [*(month for month in range(0, last, step) if 2 * (last - month) >= 3 * step), last]


def _tick(y: float, amount: Decimal, currency: str) -> SafeString:
    return format_html(
        '<path d="M{} {}H{}" stroke="{}" class="rule"/><text x="{}" y="{}" text-anchor="end" font-size="13" fill="{}" class="quiet">{}</text>',
        LEFT, y, CHART_WIDTH - RIGHT, RULE, LEFT - 8, y + 4, QUIET, formats.money(amount, currency, short=True),
    )  # fmt: skip


def _month(x: float, month: int, *, last: bool) -> SafeString:
    label = _("month %(month)s") % {"month": month} if last else month
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="13" fill="{}" class="quiet">{}</text>',
        x, CHART_HEIGHT - 10, "end" if last else "middle", QUIET, label,
    )  # fmt: skip


def _line(points: list[tuple[float, float]], color: str, kind: str, dashes: str) -> SafeString:
    path = "L".join(f"{x} {y}" for x, y in points)
    dashed = format_html(' stroke-dasharray="{}"', dashes) if dashes else ""
    return format_html(
        '<path d="M{}" fill="none" stroke="{}" stroke-width="2.5" stroke-linejoin="round"{} class="{}"/>',
        path,
        color,
        dashed,
        kind,
    )


def _end(point: tuple[float, float], label: str, color: str, kind: str, *, above: bool) -> SafeString:
    y = point[1] - 8 if above else point[1] + 18
    return format_html(
        '<text x="{}" y="{}" text-anchor="end" font-size="13" font-weight="600" fill="{}" class="{}">{}</text>',
        point[0], y, color, kind, label,
    )  # fmt: skip


def _has_room_above(end: tuple[float, float], other: list[tuple[float, float]]) -> bool:
    """Tell whether a label above the end of a rising line stays clear of another line; below, its own line runs through it."""
    beside = [y for x, y in other if end[0] - x <= LABEL_WIDTH] or [other[-1][1]]
    return end[1] < other[-1][1] or end[1] - max(beside) > LABEL_HEIGHT


def _meeting(point: tuple[float, float], month: int) -> SafeString:
    x, y = point
    side = "start" if x < CHART_WIDTH / 2 else "end"
    return format_html(
        '<path d="M{x} {y}V{floor}" stroke="{good}" stroke-dasharray="2 3" class="good-line"/>'
        '<circle cx="{x}" cy="{y}" r="5" fill="{good}" class="good"/>'
        '<text x="{label_x}" y="{label_y}" text-anchor="{side}" font-size="13" font-weight="600" fill="{good}" '
        'stroke="{ground}" stroke-width="5" stroke-linejoin="round" paint-order="stroke" class="good halo">{text}</text>',
        x=x, y=y, floor=CHART_HEIGHT - BOTTOM, good=GOOD, ground=GROUND, label_x=x + (8 if side == "start" else -8), label_y=CHART_HEIGHT - BOTTOM - 10, side=side,
        text=_("paid back in month %(month)s") % {"month": month},
    )  # fmt: skip
