"""Before and after as bars, in SVG for page, print and PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString

from proofline.stages.discovery.sketching import GOOD, INK, NAME_WIDTH, QUIET, drawn_once, svg, wrap

if TYPE_CHECKING:
    from fractions import Fraction

    from proofline.stages.discovery.comparing.changes import Change, Pair

CHART, ROW, BAR, GAP, HEAD = 360, 68, 14, 4, 20
VALUES = 116
"""Room at the right for the numbers."""


@drawn_once
def before_after(change: Change, *, color: str = QUIET) -> SafeString:
    """Draw each pair as two bars under its name, the one in `color` before and the green one after; from zero, all to one scale."""
    most = max((max(pair.before, pair.after) for pair in change.pairs), default=None)
    if not most:
        return SafeString("")
    rows = [_pair(pair, top=ROW * place, most=most, color=color) for place, pair in enumerate(change.pairs)]
    said = "; ".join(f"{pair.name}: {pair.before_text} → {pair.after_text}" for pair in change.pairs)
    return svg(CHART, ROW * len(rows) - 12, said, SafeString("".join(rows)))


def _pair(pair: Pair, *, top: int, most: Fraction, color: str) -> SafeString:
    def width(amount: Fraction) -> float:
        return max(2.0, round(float(amount / most) * (CHART - VALUES), 1))

    first, second = top + HEAD, top + HEAD + BAR + GAP
    return format_html(
        '<text x="0" y="{text}" font-size="14" fill="{ink}" class="ink">{name}</text>'
        '<rect x="0" y="{first}" width="{was}" height="{bar}" rx="2" fill="{color}" class="quiet-fill"/>'
        '<text x="{was_end}" y="{first_text}" font-size="13" fill="{quiet}" class="quiet">{before}</text>'
        '<rect x="0" y="{second}" width="{will}" height="{bar}" rx="2" fill="{good}" class="good"/>'
        '<text x="{will_end}" y="{second_text}" font-size="13" font-weight="600" fill="{good}" class="good">{after}</text>',
        text=top + 14, ink=INK, name=wrap(pair.name, NAME_WIDTH + 80, most=1)[0], first=first, second=second, bar=BAR, quiet=QUIET, color=color, good=GOOD,
        was=width(pair.before), will=width(pair.after), was_end=width(pair.before) + 8, will_end=width(pair.after) + 8,
        first_text=first + 12, second_text=second + 12, before=pair.before_text, after=pair.after_text,
    )  # fmt: skip
