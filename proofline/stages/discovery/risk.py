"""How sure a value case is: which line moves the outcome most, and what comes of all of them together.

What a line is worth in a month lies between its low and its high value, most likely at the expected one: a triangular distribution
(Kotz and van Dorp, Beyond Beta, 2004). Lines vary on their own. The draws begin with the same number each time, so that the same case
shows the same range.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from proofline.stages.discovery.roi import Investment

    Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]

DRAWS, SEED = 10_000, 1
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Worth:
    """What a line is worth in a month, low ≤ expected ≤ high, in one currency."""

    name: str
    low: Fraction
    expected: Fraction
    high: Fraction


@dataclass(frozen=True)
class Swing:
    """What is left after the investment, over the months, when this line is at its low or high value and all others are as expected."""

    name: str
    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        """How far the line moves the outcome."""
        return self.high - self.low


@dataclass(frozen=True)
class Quantiles:
    """What nine in ten draws reach at least, half of them, and one in ten."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True)
class Spread:
    """What comes of so many draws: value a month, what is left after the investment over the months, return on it (None where nothing is invested).

    `paid_back` is the share of draws in which the investment is back within the months.
    """

    draws: int
    value: Quantiles
    left: Quantiles
    roi: Quantiles | None
    paid_back: float


def tornado(lines: Sequence[Worth], *, investment: Investment, months: int) -> tuple[Swing, ...]:
    """Return how far each line moves the outcome, the widest first; lines without a range are left out."""
    all_expected = sum((line.expected for line in lines), Fraction(0)) * months - investment.by(months)
    swings = [
        Swing(
            line.name,
            all_expected - (line.expected - line.low) * months,
            all_expected + (line.high - line.expected) * months,
        )
        for line in lines
    ]
    return tuple(sorted((swing for swing in swings if swing.width), key=lambda swing: -swing.width))


def spread(
    lines: Sequence[Worth], *, investment: Investment, months: int, draws: int = DRAWS, seed: int = SEED
) -> Spread:
    """Draw every line so often, and return what comes of it."""
    import numpy as np  # noqa: PLC0415 - nothing else of the server waits for it

    source = np.random.default_rng(seed)
    values = np.zeros(draws)
    for line in lines:
        low, likely, high = float(line.low), float(line.expected), float(line.high)
        values += source.triangular(low, likely, high, draws) if low < high else likely
    invested = float(investment.by(months))
    left = values * months - invested
    return Spread(
        draws=draws,
        value=_quantiles(values),
        left=_quantiles(left),
        roi=_quantiles(left / invested) if invested else None,
        paid_back=float((left >= 0).mean()),
    )


def _quantiles(values: Numbers) -> Quantiles:
    import numpy as np  # noqa: PLC0415 - as above

    return Quantiles(*(float(value) for value in np.quantile(values, QUANTILES)))
