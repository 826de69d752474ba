"""What a benchmark says of one case."""

from __future__ import annotations

from typing import Any


def run(
    case: str,
    value: float,
    unit: str,
    *,
    size: int | None = None,
    times_ms: list[float] | None = None,
    reference: float | None = None,
    **also: Any,
) -> dict[str, Any]:
    """Return one line of a benchmark; what does not apply is None.

    Args:
        case: what was measured.
        value: what came out, in its unit.
        unit: of the value and of the reference.
        size: how many it was measured with.
        times_ms: the times of single requests.
        reference: the other side, measured in the same run; the ratio is value / reference.
        also: what else tells this run from others, such as the record store.
    """
    return {
        "case": case,
        "size": size,
        **also,
        "value": round(value, 2),
        "unit": unit,
        **{f"p{percent}_ms": _percentile(times_ms, percent) for percent in (50, 95, 99)},
        "reference": None if reference is None else round(reference, 2),
        "ratio": None if not reference else round(value / reference, 3),
    }


def _percentile(times_ms: list[float] | None, percent: int) -> float | None:
    """Return the value below which so many percent lie (nearest rank)."""
    if not times_ms:
        return None
    ordered = sorted(times_ms)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1)
